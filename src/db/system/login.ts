/** Log-ins: who it is, and how often somebody has failed under a name. */
import type { LoginRecords } from '../../core/login.ts';
import type { Queryable } from '../database.ts';
import { storableText } from '../storable.ts';
import { findOperator, writeJournal } from './operator.ts';

/** Longer names are nobody's; what is kept of them is bounded. */
const longestName = 64;

export function loginRecords(database: Queryable): LoginRecords {
  return {
    find: userName => findOperator(database, storableText(userName)),
    countAttempt: (userName, most, windowS) => countAttempt(database, userName, most, windowS),
    forgetFailures: userName => forgetFailures(database, userName),
    writeJournal: (act, detail) => writeJournal(database, act, detail),
  };
}

async function countAttempt(database: Queryable, userName: string, most: number, windowS: number) {
  const [row] = await database.query<{ count: number; seconds_left: number }>(
    `insert into login_failure as f (user_name, count, last_at) values ($1, 1, now())
     on conflict (user_name) do update set
       count = case when f.last_at < now() - $3 * interval '1 second' then 1 else least(f.count + 1, $2 + 1) end,
       last_at = case when f.count >= $2 and f.last_at >= now() - $3 * interval '1 second'
                      then f.last_at else now() end
     returning count, $3 - extract(epoch from now() - last_at)::float8 as seconds_left`,
    [keyOf(userName), most, windowS],
  );
  return { count: row?.count ?? 0, secondsLeft: row?.seconds_left ?? 0 };
}

/** Those of long ago go, too. */
export async function forgetFailures(database: Queryable, userName: string): Promise<void> {
  await database.query(
    "delete from login_failure where user_name = $1 or last_at < now() - interval '1 day'",
    [keyOf(userName)],
  );
}

function keyOf(userName: string): string {
  return storableText(userName.trim().toLowerCase().slice(0, longestName));
}
