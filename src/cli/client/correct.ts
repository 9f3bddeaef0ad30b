/** `client correct`: puts an account right, and says why. */
import { randomUUID } from 'node:crypto';
import { correct as enterCorrection } from '../../core/money/entry.ts';
import { enteredAnswer } from '../account/entered.ts';
import { type AccountSession, amountOf, clientOf, needed } from '../account/session.ts';
import type { Answer } from '../pki/session.ts';

export async function correct(session: AccountSession, args: readonly string[]): Promise<Answer> {
  const { accounts, operator, flags, texts } = session;
  const entered = await enterCorrection(accounts, operator, {
    client: clientOf(session, args[0]),
    amount: amountOf(session, args.slice(1)),
    reason: needed(session, '--reason', flags.reason),
    reference: flags.reference ?? randomUUID(),
  });
  return enteredAnswer(session, entered, texts.corrected);
}
