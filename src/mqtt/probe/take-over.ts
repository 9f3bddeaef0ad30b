/** A second connection under a client id ends the first ([MQTT-3.1.4-3]): how an engine takes a dead one's session. */
import type { Findings } from '../../core/broker-test.ts';
import type { Bench } from './bench.ts';

export async function probeTakeOver(bench: Bench): Promise<Findings['takeOver']> {
  const first = await bench.connect('a');
  const second = await bench.connect('a');
  const ended = await first.isEnded(bench.patienceMs);
  await second.ping();
  return { ended, ...(first.farewell === undefined ? {} : { code: first.farewell }) };
}
