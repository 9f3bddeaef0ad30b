/** The longest client id that may connect. MQTT 3.1.1 promises 23 ([MQTT-3.1.3-5]). */
import type { Largest } from '../../core/broker-test.ts';
import { accepts, type Bench } from './bench.ts';
import { findLargest } from './largest.ts';
import { longestString } from './topic-length.ts';

const promised = 23;

export function probeClientIdLength(bench: Bench): Promise<Largest> {
  return findLargest(
    { from: promised, to: longestString, boldly: true },
    size => lets(bench, size),
    bench.signal,
  );
}

function lets(bench: Bench, size: number): Promise<boolean> {
  return accepts(async () => {
    const client = await bench.connect('', { clientId: bench.clientId('').padEnd(size, 'n') });
    // Some let everybody in, and then drop who does not suit them.
    await client.ping();
    await client.close();
    return true;
  });
}
