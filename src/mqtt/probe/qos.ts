/** Round trips of one QoS: messages one after the other, each awaited. */
import type { RoundTrips } from '../../core/broker-test.ts';
import { XmError } from '../../core/errors.ts';
import type { Bench } from './bench.ts';
import { firstRefusal } from './client.ts';

const most = 100;
const least = 3;
const longestMs = 1_500;
/** Each costs the whole patience. */
const mostLost = 3;

export const probeQos =
  (qos: 0 | 1 | 2) =>
  async (bench: Bench): Promise<RoundTrips> => {
    const none = { sent: 0, received: 0, duplicates: 0 };
    if (bench.announced.maximumQos < qos) return none;
    const topic = bench.topic(`qos${qos}`);
    const client = await bench.connect();
    const granted = await client.subscribe(topic, qos);
    if (granted >= firstRefusal)
      throw new XmError('broker-refused', { detail: `SUBACK 0x${granted.toString(16)}` });
    if (granted < qos) return none;
    const times: number[] = [];
    let [sent, arrived] = [0, 0];
    const startedAt = performance.now();
    const isEnough = () => sent >= most || (sent >= least && performance.now() - startedAt > longestMs);
    while (!isEnough() && sent - times.length < mostLost) {
      const text = String(sent++);
      const sentAt = performance.now();
      let ms: number | undefined;
      await Promise.all([
        client.publish(topic, text, { qos }),
        client.find(bench.patienceMs, ({ payload }) => {
          arrived++;
          if (payload.toString() !== text) return false;
          ms = performance.now() - sentAt;
          return true;
        }),
      ]);
      if (ms !== undefined) times.push(ms);
    }
    await client.ping();
    const duplicates = Math.max(0, arrived + client.inbox.length - times.length);
    return { sent, received: times.length, duplicates, ...percentiles(times) };
  };

/** Nearest rank. */
function percentiles(times: readonly number[]): Pick<RoundTrips, 'p50Ms' | 'p95Ms' | 'p99Ms'> {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1];
  const [p50Ms, p95Ms, p99Ms] = [at(0.5), at(0.95), at(0.99)];
  return p50Ms === undefined || p95Ms === undefined || p99Ms === undefined ? {} : { p50Ms, p95Ms, p99Ms };
}
