/** The will of a client whose connection breaks. */
import type { Findings } from '../../core/broker-test.ts';
import { accepts, type Bench } from './bench.ts';

export async function probeWill(bench: Bench): Promise<Findings['will']> {
  const topic = bench.topic('will');
  const heir = await bench.connect('a');
  await heir.subscribe(topic);
  let ms: number | undefined;
  const delivered = await accepts(async () => {
    const testator = await bench.connect('b', { will: { topic, payload: 'gone' } });
    testator.cut();
    const cutAt = performance.now();
    const message = await heir.next(2 * bench.patienceMs);
    ms = performance.now() - cutAt;
    return message?.payload.toString() === 'gone';
  });
  return { delivered, ...(delivered && ms !== undefined ? { ms } : {}) };
}
