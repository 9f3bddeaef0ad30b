/** What a message holds is a result, never an exception to the caller. */
import { XmError } from '../core/errors.ts';
import type { Reason } from '../core/ports.ts';

export type Refused = { readonly ok: false; readonly reason: Reason };
export type Attempt<T> = { readonly ok: true; readonly value: T } | Refused;

export function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return refusal(error);
  }
}

export function refusal(error: unknown): Refused {
  const { code, params } =
    error instanceof XmError ? error : new XmError('internal-fault', { detail: String(error) });
  return { ok: false, reason: { code, params } };
}
