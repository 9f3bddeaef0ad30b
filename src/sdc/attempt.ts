/** What a message holds is a result, never an exception to the caller. */
import { XmError } from '../core/errors.ts';
import type { Reason } from '../core/ports.ts';

export type Refused = { readonly ok: false; readonly reason: Reason };
export type Attempt<T> = { readonly ok: true; readonly value: T } | Refused;

/**
 * One step for a whole batch. Batches go through opening and sealing step by step, not message by message: with its
 * code and tables at hand each step takes up to a third less.
 */
export function attemptAll<T, U>(values: readonly T[], step: (value: T, index: number) => U): Attempt<U>[] {
  return values.map((value, index) => attempt(step, value, index));
}

/** The next step, for those that got so far. */
export function attemptNext<T, U>(
  before: readonly Attempt<T>[],
  step: (value: T, index: number) => U,
): Attempt<U>[] {
  return before.map((one, index) => (one.ok ? attempt(step, one.value, index) : one));
}

/** The next step for as long as `goesOn` says so; what is left then is left out. */
export function attemptWhile<T, U>(
  before: readonly Attempt<T>[],
  goesOn: () => boolean,
  step: (value: T) => U,
): Attempt<U>[] {
  const after: Attempt<U>[] = [];
  for (const one of before) {
    if (!goesOn()) break;
    after.push(one.ok ? attempt(step, one.value) : one);
  }
  return after;
}

function attempt<A extends unknown[], T>(step: (...values: A) => T, ...values: A): Attempt<T> {
  try {
    return { ok: true, value: step(...values) };
  } catch (error) {
    return refusal(error);
  }
}

export function refusal(error: unknown): Refused {
  const { code, params } =
    error instanceof XmError ? error : new XmError('internal-fault', { detail: String(error) });
  return { ok: false, reason: { code, params } };
}
