/** The statement of an account. */
import type { Period } from '../../core/money/period.ts';
import type { Statement } from '../../core/money/ports.ts';
import type { Database } from '../database.ts';
import { readHolder, readMovements } from './entry.ts';

export async function readStatement(database: Database, client: number, period: Period): Promise<Statement> {
  const holder = await readHolder(database, client);
  const [earlier] = await database.query<{ sum: bigint }>(
    `select coalesce(sum(amount), 0)::bigint as sum from movement where client = $1 and at < $2::date`,
    [client, period.first],
  );
  const movements = await readMovements(database, client, period.first, period.last);
  const balanceBefore = earlier?.sum ?? 0n;
  // Not the account's own: it moves while we read, and the period may have ended long ago.
  const balanceAfter = movements.reduce((sum, { amount }) => sum + amount, balanceBefore);
  return { ...holder, period, balanceBefore, movements, balanceAfter };
}
