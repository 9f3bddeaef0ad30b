/** An act of administration: who may, what changes, and its row in the journal, in one transaction. */
import { type Act, demand, type Operator } from '../operator.ts';
import type { Administration, Records } from './ports.ts';

export interface Outcome<T> {
  readonly result: T;
  /** For the journal; undefined: nothing was changed, and nothing is written. */
  readonly detail: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Carries out `work` for an operator who may, and writes the journal under the name of the act. `work` is given the
 * operator as he stands now: who has been suspended since he logged in has no privilege left. Throws `privilege-needed`.
 */
export function perform<T>(
  { store }: Pick<Administration, 'store'>,
  operator: Operator,
  act: Act,
  work: (records: Records, actor: Operator) => Promise<Outcome<T>>,
): Promise<T> {
  demand(operator, act);
  return store.transaction(async records => {
    const actor = await asOfNow(records, operator);
    demand(actor, act);
    const { result, detail } = await work(records, actor);
    if (detail) await records.writeJournal(act, detail, actor.userName);
    return result;
  });
}

/** Who acts on the command line is no row of the table: number 0. */
async function asOfNow(records: Records, operator: Operator): Promise<Operator> {
  if (operator.id === 0) return operator;
  return { ...operator, privilege: (await records.privilegeOf(operator.id)) ?? 0 };
}

/** The fields that differ, before and after; undefined: none does. */
export function difference<T extends object>(
  before: T,
  after: T,
): { readonly before: Partial<T>; readonly after: Partial<T> } | undefined {
  const changed = (Object.keys(after) as (keyof T)[]).filter(
    field => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  if (changed.length === 0) return undefined;
  const only = (fields: T) =>
    Object.fromEntries(changed.map(field => [field, fields[field] ?? null])) as Partial<T>;
  return { before: only(before), after: only(after) };
}
