/** Subscription identifiers: a delivery names the subscription that it is for (MQTT 5 §3.8.2.1.2). */
import type { Findings } from '../../core/broker-test.ts';
import { accepts, type Bench } from './bench.ts';
import { firstRefusal } from './client.ts';

const identifier = 7;

export async function probeSubscriptionIds(bench: Bench): Promise<Findings['subscriptionIds']> {
  if (!bench.announced.subscriptionIds) return { works: false };
  const topic = bench.topic('subscription-id');
  const works = await accepts(async () => {
    const client = await bench.connect();
    if ((await client.subscribe(topic, 1, identifier)) >= firstRefusal) return false;
    await client.publish(topic, '');
    const named = (await client.next(bench.patienceMs))?.properties?.subscriptionIdentifier;
    return [named].flat().includes(identifier);
  });
  return { works };
}
