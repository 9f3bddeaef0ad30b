/** Message expiry: what waited for too long is not delivered any more (MQTT 5 §3.3.2.3.3). */
import type { Findings } from '../../core/broker-test.ts';
import { pause } from '../../core/pause.ts';
import type { Bench } from './bench.ts';

const expiryS = 1;
/** Brokers count whole seconds. */
const waitMs = 2_200;

export async function probeExpiry(bench: Bench): Promise<Findings['expiry']> {
  const topic = bench.topic('expiry');
  const absent = await bench.connect('a', { persistent: true });
  await absent.subscribe(topic);
  await absent.close();
  const publisher = await bench.connect('b');
  await publisher.publish(topic, 'short', { expiryS });
  await publisher.publish(topic, 'other');
  await pause(waitMs, bench.signal);
  const back = await bench.connect('a', { persistent: true });
  let expired = true;
  const other = await back.find(bench.patienceMs, ({ payload }) => {
    if (payload.toString() === 'short') expired = false;
    return payload.toString() === 'other';
  });
  return { expired, others: other !== undefined };
}
