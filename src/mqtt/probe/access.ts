/** Whether the account may use the topics of the test at all: without that, nothing else can be told. */
import type { Findings } from '../../core/broker-test.ts';
import { accepts, type Bench } from './bench.ts';
import { firstRefusal } from './client.ts';

export async function probeAccess(bench: Bench): Promise<Findings['access']> {
  const topic = bench.topic('access');
  const subscriber = await bench.connect('a');
  const subscribe = await accepts(async () => (await subscriber.subscribe(topic)) < firstRefusal);
  const publisher = await bench.connect('b');
  const publish = await accepts(async () => (await publisher.publish(topic, '')) < firstRefusal);
  if (!subscribe || !publish) return { subscribe, publish };
  // Mosquitto with an ACL file says yes to both, and throws the message away.
  const isOurs = (message: { topic: string }) => message.topic === topic;
  const comes = await accepts(async () => (await subscriber.find(bench.patienceMs, isOurs)) !== undefined);
  return { subscribe: comes, publish: comes };
}
