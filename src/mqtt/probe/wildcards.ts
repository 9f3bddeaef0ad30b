/** `+` and `#` in subscriptions ([MQTT-4.7.1]). */
import type { Findings } from '../../core/broker-test.ts';
import { accepts, type Bench } from './bench.ts';
import { firstRefusal } from './client.ts';

export async function probeWildcards(bench: Bench): Promise<Findings['wildcards']> {
  if (!bench.announced.wildcards) return { plus: false, hash: false };
  const matches = (filter: string, topic: string) =>
    accepts(async () => {
      const client = await bench.connect();
      if ((await client.subscribe(bench.topic(filter))) >= firstRefusal) return false;
      await client.publish(bench.topic(topic), '');
      return (await client.next(bench.patienceMs))?.topic === bench.topic(topic);
    });
  return { plus: await matches('plus/+/x', 'plus/any/x'), hash: await matches('hash/#', 'hash/any/x') };
}
