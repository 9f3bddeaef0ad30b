/** How many QoS 1 messages the broker keeps for a session whose client is away. */
import type { Findings } from '../../core/broker-test.ts';
import { PublishWindow } from '../publish-window.ts';
import type { Bench } from './bench.ts';
import type { Client } from './client.ts';

const bound = 2_000;
/** Not awaited one by one: a slow link would see a few only. */
const widest = 50;
/** Part of the step's time for sending; the rest is for taking them. */
const sendingMs = 6_000;

export async function probeQueue(bench: Bench): Promise<Findings['queue']> {
  const topic = bench.topic('queue');
  const absent = await bench.connect('a', { persistent: true });
  await absent.subscribe(topic);
  await absent.close();
  const publisher = await bench.connect('b');
  const sent = await fill(
    publisher,
    topic,
    new PublishWindow(Math.min(widest, bench.announced.receiveMaximum)),
  );
  const back = await bench.connect('a', { persistent: true });
  return { sent, kept: await takeAll(bench, back, publisher, topic) };
}

async function fill(publisher: Client, topic: string, window: PublishWindow): Promise<number> {
  const until = performance.now() + sendingMs;
  const sendings: Promise<void>[] = [];
  while (sendings.length < bound && performance.now() < until) {
    await window.enter();
    const sending = publisher.publish(topic, String(sendings.length)).then(() => window.leave());
    // Told by Promise.all; a window that nobody leaves any more must not hold us up.
    sending.catch(() => window.leave());
    sendings.push(sending);
  }
  await Promise.all(sendings);
  return sendings.length;
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
