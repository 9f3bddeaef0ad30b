/** A retained message: whether a later subscriber is given it, and whether it can be removed. */
import type { Findings } from '../../core/broker-test.ts';
import { accepts, type Bench } from './bench.ts';
import { firstRefusal } from './client.ts';

export async function probeRetain(bench: Bench): Promise<Findings['retain']> {
  if (!bench.announced.retain) return { kept: false, removed: true };
  const topic = bench.topic('retain');
  bench.willRetain(topic);
  const kept = await accepts(async () => {
    const publisher = await bench.connect('a');
    const code = await publisher.publish(topic, 'kept', { retain: true });
    return code < firstRefusal && (await isGiven(bench, topic));
  });
  if (!kept) return { kept, removed: true };
  const removed = await accepts(async () => {
    await (await bench.connect('a')).publish(topic, '', { retain: true });
    return !(await isGiven(bench, topic));
  });
  return { kept, removed };
}

/** A message that comes after the SUBSCRIBE shows that no retained one is on its way. */
async function isGiven(bench: Bench, topic: string): Promise<boolean> {
  const subscriber = await bench.connect('b');
  await subscriber.subscribe(topic);
  await subscriber.publish(topic, 'now');
  const first = await subscriber.next(bench.patienceMs);
  return first?.retain === true && first.payload.length > 0;
}
