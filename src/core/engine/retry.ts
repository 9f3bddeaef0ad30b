/** Refused messages brought in again, the way that all messages come in. */
import type { Arrival, ArrivalOutcome } from '../ports.ts';
import { Intake, type IntakeParts } from './intake.ts';

/** Files each of them anew; resolves with what became of them, in their order. */
export async function retry(
  parts: Omit<IntakeParts, 'onFiled'>,
  messages: readonly { readonly topic: string; readonly sdc: Uint8Array }[],
): Promise<ArrivalOutcome[]> {
  const outcomes = new Map<Uint8Array, ArrivalOutcome>();
  const intake = new Intake({
    ...parts,
    onFiled(arrivals: readonly Arrival[], results) {
      for (const [i, result] of results.entries()) outcomes.set((arrivals[i] as Arrival).sdc, result);
    },
  });
  intake.start();
  const acknowledged = messages.map(async ({ topic, sdc }) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await intake.accept({ topic, payload: sdc, acknowledge: resolve });
    return promise;
  });
  await Promise.all(acknowledged);
  await intake.stop();
  return messages.map(({ sdc }) => outcomes.get(sdc) as ArrivalOutcome);
}
