/** What a recharge or a correction did. */
import type { Entered } from '../../core/money/ports.ts';
import { money } from '../../text/format.ts';
import { table } from '../../text/table.ts';
import type { Answer } from '../pki/session.ts';
import type { AccountSession } from './session.ts';

export function enteredAnswer(
  { currency, language, texts }: AccountSession,
  { movement, balance, repeated }: Entered,
  sentence: (amount: string, client: number) => string,
): Answer {
  const { id, client, at, kind, amount, reference, reason } = movement;
  return {
    json: {
      movement: Number(id),
      client,
      at: new Date(at).toISOString(),
      kind,
      amount: Number(amount),
      reference,
      reason,
      balance: Number(balance),
      repeated,
      currency,
    },
    lines: [
      sentence(money(amount, currency, language), client),
      ...(repeated ? [texts.repeated] : []),
      ...table([
        [texts.reference, reference ?? ''],
        [texts.balance, money(balance, currency, language)],
      ]),
    ],
  };
}
