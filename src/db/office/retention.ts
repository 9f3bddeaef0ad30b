/** How long a station keeps what it has asked and what has come back. */
import type { Queryable } from '../database.ts';

const dayMs = 86_400_000;
/** A broker brings nothing that is older than the session, 7 days: what is gone is not stored as new once more. */
const answeredMs = 30 * dayMs;
/** An office looks for what it was told, and what it was charged, when the books of a year are closed. */
const lettersMs = 400 * dayMs;
/** A question repeated each day for so long is nobody's any more. */
const unansweredMs = 90 * dayMs;

/** What an import or an enrolment has brought stays until it is in its place. */
export async function purge(connection: Queryable, now: number): Promise<void> {
  const before = (ms: number) => new Date(now - ms);
  await connection.query(
    `with gone as (
       delete from xms.asked
        where answered_at < case service when 'MESSAGE' then $2::timestamptz else $1::timestamptz end
          and (taken_at is not null or outcome is not null or service not in ('IMPORT', 'ENROL'))
       returning message_id)
     delete from xms.received using gone where about = gone.message_id`,
    [before(answeredMs), before(lettersMs)],
  );
  await connection.query(
    `with gone as (
       delete from xms.asked where answered_at is null and asked_at < $1 returning message_id)
     delete from xms.received using gone where about = gone.message_id`,
    [before(unansweredMs)],
  );
  await connection.query('delete from xms.received where about is null and received_at < $1', [
    before(lettersMs),
  ]);
}
