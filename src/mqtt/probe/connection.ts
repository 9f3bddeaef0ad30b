/** Whether the broker lets us in, and how long TCP, TLS and CONNACK take. */
import type { Findings } from '../../core/broker-test.ts';
import type { Bench } from './bench.ts';
import type { Times } from './client.ts';

export const leastPatienceMs = 700;
const mostPatienceMs = 5_000;
/** The first one also warms up this program. */
const tries = 3;
/** Over a link that is slow, the first one says it all. */
const slowMs = 300;

export async function probeConnection(bench: Bench): Promise<Findings['connection']> {
  let best: Times | undefined;
  for (let i = 0; i < tries; i++) {
    const client = await bench.connect();
    await client.close();
    if (total(client.times) < total(best)) best = client.times;
    if (total(best) > slowMs) break;
  }
  const times = best as Times;
  bench.link.patienceMs = Math.min(mostPatienceMs, Math.max(leastPatienceMs, 4 * total(times)));
  return times;
}

function total(times: Times | undefined): number {
  return times ? times.tcpMs + (times.tlsMs ?? 0) + times.connackMs : Number.POSITIVE_INFINITY;
}
