/** What the retention rules let go: old attempts, and old answers with their receipts. Records and their proof stay. */
import type { Database, Queryable } from '../database.ts';

export interface Retention {
  readonly attemptDays: number;
  readonly answerDays: number;
}

/** Rows of each kind in one go: short transactions, that hold up nobody. */
const portion = 2_000;

/** Ids grow with time, so the oldest are found by the primary key, whatever the size of the table. */
export async function purge(database: Database, { attemptDays, answerDays }: Retention): Promise<boolean> {
  const attempts = await database.query(
    `with oldest as (select id, at from xms.inbox order by id limit ${portion})
     delete from xms.inbox i using oldest o where i.id = o.id and o.at < now() - $1 * interval '1 day' returning i.id`,
    [attemptDays],
  );
  const answers = await database.transaction(connection => purgeAnswers(connection, answerDays));
  return attempts.length === portion || answers === portion;
}

/** One that waits to be sent again is not old, whenever it was made; nobody makes it wait while we look at it. */
async function purgeAnswers(connection: Queryable, days: number): Promise<number> {
  const old = await connection.query<{ id: bigint }>(
    `select id from xms.outbox where sent_at < now() - $1 * interval '1 day'
      order by sent_at limit ${portion} for update skip locked`,
    [days],
  );
  if (old.length === 0) return 0;
  const ids = [old.map(({ id }) => id)];
  await connection.query('delete from xms.receipt where outbox = any($1::bigint[])', ids);
  await connection.query('delete from xms.outbox where id = any($1::bigint[])', ids);
  return old.length;
}
