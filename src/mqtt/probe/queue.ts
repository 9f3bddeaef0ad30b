/** How many QoS 1 messages the broker keeps for a session whose client is away. */
import type { Findings } from '../../core/broker-test.ts';
import type { Bench } from './bench.ts';
import type { Client } from './client.ts';
import { volley } from './volley.ts';

const bound = 2_000;
/** Part of the step's time for sending; the rest is for taking them. */
const sendingMs = 6_000;

export async function probeQueue(bench: Bench): Promise<Findings['queue']> {
  const topic = bench.topic('queue');
  const absent = await bench.connect('a', { persistent: true });
  await absent.subscribe(topic);
  await absent.close();
  const publisher = await bench.connect('b');
  const sent = await volley(bench, publisher, topic, bound, sendingMs);
  const back = await bench.connect('a', { persistent: true });
  return { sent, kept: await takeAll(bench, back, publisher, topic) };
}

/** A message of now comes after all those that waited; where it is thrown away, the queue was full still. */
async function takeAll(bench: Bench, back: Client, publisher: Client, topic: string): Promise<number> {
  const kept = new Set<string>();
  while (true) {
    const message = await back.next(bench.patienceMs / 4);
    const text = message?.payload.toString();
    if (text === 'over') return kept.size;
    if (text === undefined) await publisher.publish(topic, 'over');
    else kept.add(text);
  }
}
