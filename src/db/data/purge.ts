/**
 * What the retention rules let go: old attempts, and old answers, with the questions that they answer and the keys of
 * letters. Records and their proof stay.
 */
import type { Database, Queryable } from '../database.ts';

export interface Retention {
  readonly attemptDays: number;
  readonly answerDays: number;
}

/** Rows of each kind in one go: short transactions, that hold up nobody. */
const portion = 2_000;

/** Ids grow with time, so the oldest are found by the primary key, whatever the size of the table. */
export async function purge(database: Database, { attemptDays, answerDays }: Retention): Promise<boolean> {
  const attempts = await purgeLog(database, 'xms.inbox', attemptDays);
  const sent = await purgeLog(database, 'xms.sent', answerDays);
  const questions = await purgeQuestions(database, answerDays);
  const answers = await database.transaction(connection => purgeAnswers(connection, answerDays));
  const letters = await purgeLetters(database, answerDays);
  return [attempts, sent, questions, answers, letters].includes(portion);
}

async function purgeLog(database: Queryable, table: 'xms.inbox' | 'xms.sent', days: number): Promise<number> {
  const gone = await database.query(
    `with oldest as (select id, at from ${table} order by id limit ${portion})
     delete from ${table} t using oldest o where t.id = o.id and o.at < now() - $1 * interval '1 day' returning t.id`,
    [days],
  );
  return gone.length;
}

/**
 * A question goes no later than its answers: without them it would be taken for answered, and get nothing. But where the
 * clock that dated it was ahead, it stays until its date is old enough to be refused by it (judge.ts).
 */
async function purgeQuestions(database: Queryable, days: number): Promise<number> {
  const gone = await database.query(
    `with oldest as (
       select client, message_id from xms.request
        where answered_at < now() - $1 * interval '1 day' order by answered_at limit ${portion})
     delete from xms.request r using oldest o where r.client = o.client and r.message_id = o.message_id
     returning r.client`,
    [days],
  );
  return gone.length;
}

/** What waits to be sent again is not old, whenever it was made; nobody makes it wait while we look at it. */
async function purgeAnswers(connection: Queryable, days: number): Promise<number> {
  const old = await connection.query<{ id: bigint }>(
    `with oldest as (
       select id, created_at from xms.outbox o where not exists (select from xms.outgoing g where g.outbox = o.id)
        order by id limit ${portion} for update skip locked)
     select id from oldest where created_at < now() - $1 * interval '1 day'`,
    [days],
  );
  if (old.length === 0) return 0;
  const ids = [old.map(({ id }) => id)];
  // Seen anew, now that they are locked: one may have been made to wait just before.
  const gone = await connection.query<{ id: bigint }>(
    `delete from xms.outbox o where id = any($1::bigint[])
        and not exists (select from xms.outgoing g where g.outbox = o.id) returning id`,
    ids,
  );
  await connection.query(
    `with gone as (delete from xms.answer where outbox = any($1::bigint[]) returning client, about)
     delete from xms.request r using gone
      where r.client = gone.client and r.message_id = gone.about
        and r.answered_at < now() - $2 * interval '1 day'`,
    [gone.map(({ id }) => id), days],
  );
  return old.length;
}

/** By then the letter is marked as handed on in XMServerSystem, which takes a cycle, and its SDC is purged. */
async function purgeLetters(database: Queryable, days: number): Promise<number> {
  const gone = await database.query(
    `with oldest as (
       select key from xms.letter where posted_at < now() - $1 * interval '1 day' order by posted_at limit ${portion})
     delete from xms.letter l using oldest o where l.key = o.key returning l.key`,
    [days],
  );
  return gone.length;
}
