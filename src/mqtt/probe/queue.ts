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
  return { sent, kept: await takeAll(bench, { back, publisher, topic, sent }) };
}

interface Return {
  readonly back: Client;
  readonly publisher: Client;
  readonly topic: string;
  readonly sent: number;
}

/**
 * A message of now shows that the broker delivers; where it is thrown away, the queue was full still. aedes may send it
 * ahead of those that waited: only when nothing comes after it either, that was all.
 */
async function takeAll(bench: Bench, { back, publisher, topic, sent }: Return): Promise<number> {
  const kept = new Set<string>();
  let isOver = false;
  while (kept.size < sent) {
    const message = await back.next(isOver ? bench.patienceMs : bench.patienceMs / 4);
    const text = message?.payload.toString();
    if (text === undefined && isOver) break;
    if (text === undefined) await publisher.publish(topic, 'over');
    else if (text !== 'over') kept.add(text);
    isOver = text === 'over';
  }
  return kept.size;
}
