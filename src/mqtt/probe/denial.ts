/** Whether an account without the right to it can publish on the topics of another. */
import type { Findings } from '../../core/broker-test.ts';
import { accepts, type Bench } from './bench.ts';
import { firstRefusal } from './client.ts';

export async function probeDenial(bench: Bench): Promise<Findings['denial']> {
  const topic = bench.topic('denial');
  const subscriber = await bench.connect('a');
  await subscriber.subscribe(topic);
  const intruder = await bench.connect('b', bench.options.otherAccount);
  const accepted = await accepts(async () => {
    const code = await intruder.publish(topic, 'intruder');
    // MQTT 3.1.1 has no other answer than to hang up.
    return code < firstRefusal && !(await intruder.isEnded(bench.patienceMs / 4));
  });
  await subscriber.publish(topic, 'own');
  let came = false;
  await subscriber.find(bench.patienceMs, ({ payload }) => {
    came ||= payload.toString() === 'intruder';
    return payload.toString() === 'own';
  });
  return { refused: !came, told: !accepted };
}
