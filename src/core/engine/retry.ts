/** Refused messages brought in again, the way that all messages come in. */
import type { Arrival, ArrivalOutcome } from '../ports.ts';
import { Intake, type IntakeParts } from './intake.ts';

/**
 * Files each of them anew; resolves with what became of them, in their order. Where `ending` is aborted while the
 * database does not answer it rejects, and what was filed by then is filed.
 */
export async function retry(
  parts: Omit<IntakeParts, 'onFiled'>,
  messages: readonly { readonly topic: string; readonly sdc: Uint8Array }[],
  ending?: AbortSignal,
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
  const interrupted = Promise.withResolvers<void>();
  ending?.addEventListener('abort', () => interrupted.resolve(), { once: true });
  if (!ending?.aborted) await Promise.race([Promise.all(acknowledged), interrupted.promise]);
  await intake.stop();
  return messages.map(({ sdc }) => {
    const outcome = outcomes.get(sdc);
    if (!outcome) throw ending?.reason;
    return outcome;
  });
}
