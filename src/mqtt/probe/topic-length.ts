/** The longest topic, in bytes of UTF-8, the prefix of the test included. */
import { type Largest, needs } from '../../core/broker-test.ts';
import type { Bench } from './bench.ts';
import { findLargest } from './largest.ts';
import { Sender } from './sender.ts';

/** A string of MQTT is no longer (§1.5.4). */
export const longestString = 65_535;

/** Of PUBLISH, beside its topic. */
const overhead = 16;

export function probeTopicLength(bench: Bench): Promise<Largest> {
  const stem = bench.topic('l/');
  const sender = new Sender(bench, `${stem}#`);
  return findLargest(
    {
      from: needs.topicLength,
      to: Math.min(longestString, (bench.announced.maximumPacketSize ?? Number.POSITIVE_INFINITY) - overhead),
      boldly: true,
    },
    size => sender.passes(stem.padEnd(size, 't'), Buffer.alloc(1), `${stem}after`),
    bench.signal,
  );
}
