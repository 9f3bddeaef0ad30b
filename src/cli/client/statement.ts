/** `client statement`: the movements of a period. */
import { statement as readStatement, running } from '../../core/money/statement.ts';
import { statementLines } from '../../text/statement.ts';
import { type AccountSession, clientOf, periodOf } from '../account/session.ts';
import type { Answer } from '../pki/session.ts';

export async function statement(session: AccountSession, args: readonly string[]): Promise<Answer> {
  const { accounts, operator, currency, language } = session;
  const read = await readStatement(accounts, operator, clientOf(session, args[0]), periodOf(session, 0));
  const { balanceBefore, balanceAfter, ...rest } = read;
  const movements = running(read).map(({ id, at, amount, balance, ...movement }) => ({
    id: Number(id),
    ...movement,
    at: new Date(at).toISOString(),
    amount: Number(amount),
    balance: Number(balance),
  }));
  const balances = { balanceBefore: Number(balanceBefore), balanceAfter: Number(balanceAfter) };
  return {
    json: { ...rest, ...balances, movements, currency },
    lines: statementLines(read, currency, language),
  };
}
