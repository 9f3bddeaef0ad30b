/** `client recharge`: credits a payment. */
import { recharge as enterRecharge } from '../../core/money/entry.ts';
import { enteredAnswer } from '../account/entered.ts';
import { type AccountSession, amountOf, clientOf, needed } from '../account/session.ts';
import type { Answer } from '../pki/session.ts';

export async function recharge(session: AccountSession, args: readonly string[]): Promise<Answer> {
  const { accounts, operator, flags, texts } = session;
  const entered = await enterRecharge(accounts, operator, {
    client: clientOf(session, args[0]),
    amount: amountOf(session, args.slice(1)),
    reference: needed(session, '--reference', flags.reference),
  });
  return enteredAnswer(session, entered, texts.recharged);
}
