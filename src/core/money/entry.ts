/** What operators enter in an account: recharges and corrections. */
import { isPrintable, lineOf, tidied } from '../administration/field.ts';
import { XmError } from '../errors.ts';
import { demand, type Operator } from '../operator.ts';
import { plainAmount, requireAmount } from './amount.ts';
import type { AccountStore, Entered, Entry } from './ports.ts';

/** Characters of a reference and of a reason: a line to read. */
const longest = { reference: 64, reason: 200 };

/**
 * Credits a payment; `reference` is the number of its receipt. The same again is the same one. Throws `client-unknown`,
 * `amount-invalid`, `reference-invalid`, and `reference-taken` where the receipt stands for something else.
 */
export async function recharge(
  store: AccountStore,
  operator: Operator,
  entry: Omit<Entry, 'kind' | 'reason'>,
): Promise<Entered> {
  demand(operator, 'account-recharge');
  if (entry.amount < 0n) {
    throw new XmError('amount-invalid', { amount: plainAmount(entry.amount, await store.currency()) });
  }
  return enter(store, operator, { ...entry, kind: 'recharge' });
}

/**
 * Puts right what a movement has wrong, either way; movements themselves are final. `reference` names the act, so that
 * it can be repeated. Throws as `recharge` does, `reason-missing` and `reason-invalid`.
 */
export async function correct(
  store: AccountStore,
  operator: Operator,
  entry: Omit<Entry, 'kind'>,
): Promise<Entered> {
  demand(operator, 'account-correct');
  if ((entry.reason ?? '').trim() === '') throw new XmError('reason-missing');
  const reason = lineOf(entry.reason ?? '', 'reason-invalid', longest.reason, 1);
  return enter(store, operator, { ...entry, kind: 'correction', reason });
}

async function enter(store: AccountStore, operator: Operator, entry: Entry): Promise<Entered> {
  const currency = await store.currency();
  requireAmount(entry.amount, currency);
  const reference = tidied(entry.reference);
  if (reference === '' || reference.length > longest.reference || !isPrintable(reference)) {
    throw new XmError('reference-invalid', { reference, most: longest.reference });
  }
  const entered = await store.enter({ ...entry, reference }, operator.userName);
  const { client, amount } = entered.movement;
  if (client !== entry.client || amount !== entry.amount) {
    throw new XmError('reference-taken', { reference, client, amount: plainAmount(amount, currency) });
  }
  return entered;
}
