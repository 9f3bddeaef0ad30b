/** A session that is resumed, with what came meanwhile, and without a new SUBSCRIBE. */
import type { Findings } from '../../core/broker-test.ts';
import type { Bench } from './bench.ts';

export async function probeSession(bench: Bench): Promise<Findings['session']> {
  const topic = bench.topic('session');
  const first = await bench.connect('a', { persistent: true });
  await first.subscribe(topic);
  await first.close();
  const publisher = await bench.connect('b');
  await publisher.publish(topic, 'meanwhile');
  const again = await bench.connect('a', { persistent: true });
  const message = await again.next(bench.patienceMs);
  return {
    resumed: again.connack.sessionPresent,
    delivered: message?.topic === topic && message.payload.toString() === 'meanwhile',
  };
}
