/** Many QoS 1 messages, not awaited one by one: over a slow link that would take a round trip for each. */
import { PublishWindow } from '../publish-window.ts';
import type { Bench } from './bench.ts';
import type { Client } from './client.ts';

const widest = 50;

/** Publishes `0`, `1`, …; no more are begun after `longestMs`. Resolves with their number when all are acknowledged. */
export async function volley(
  bench: Bench,
  publisher: Client,
  topic: string,
  count: number,
  longestMs = Number.POSITIVE_INFINITY,
): Promise<number> {
  const window = new PublishWindow(Math.min(widest, bench.announced.receiveMaximum));
  const until = performance.now() + longestMs;
  const sendings: Promise<void>[] = [];
  while (sendings.length < count && performance.now() < until) {
    await window.enter();
    const sending = publisher.publish(topic, String(sendings.length)).then(() => window.leave());
    // Told by Promise.all; a window that nobody leaves any more must not hold us up.
    sending.catch(() => window.leave());
    sendings.push(sending);
  }
  await Promise.all(sendings);
  return sendings.length;
}
