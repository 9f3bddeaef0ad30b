/** The largest payload, up to a bound, or to what CONNACK allows. */
import type { Largest } from '../../core/broker-test.ts';
import type { Bench } from './bench.ts';
import { findLargest } from './largest.ts';
import { Sender } from './sender.ts';

/** Of PUBLISH, beside topic and payload. */
const overhead = 12;

export function probePayload(bench: Bench): Promise<Largest> {
  const topic = bench.topic('payload');
  const { maximumPacketSize = Number.POSITIVE_INFINITY } = bench.announced;
  const to = Math.min(bench.options.maxPayload, maximumPacketSize - topic.length - overhead);
  const sender = new Sender(bench, topic);
  return findLargest(
    { from: 1_024, to },
    size => sender.passes(topic, Buffer.alloc(size, 'x'), topic),
    bench.signal,
  );
}
