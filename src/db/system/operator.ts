/** Operators and the journal of what they did. */
import type { Operator, Privilege } from '../../core/operator.ts';
import type { Queryable } from '../database.ts';
import { storableJson } from '../storable.ts';

export interface StoredOperator extends Operator {
  readonly passwordHash: string;
}

interface OperatorRow extends Record<string, unknown> {
  readonly id: number;
  readonly user_name: string;
  readonly name: string;
  readonly privilege: Privilege;
  readonly password_hash: string;
}

/** User names are one whatever their case: what people type on a phone's keyboard. */
export async function findOperator(
  database: Queryable,
  userName: string,
): Promise<StoredOperator | undefined> {
  const [row] = await database.query<OperatorRow>(
    'select id, user_name, name, privilege, password_hash from operator where lower(user_name) = lower($1)',
    [userName],
  );
  if (!row) return undefined;
  const { id, user_name, name, privilege, password_hash } = row;
  return { id, userName: user_name, name, privilege, passwordHash: password_hash };
}

export interface NewOperator {
  readonly userName: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly privilege: Privilege;
}

/** False: there is one of that user name. */
export async function createOperator(database: Queryable, operator: NewOperator): Promise<boolean> {
  const rows = await database.query(
    `insert into operator (user_name, name, password_hash, privilege) values ($1, $2, $3, $4)
     on conflict (lower(user_name)) do nothing returning id`,
    [operator.userName, operator.name, operator.passwordHash, operator.privilege],
  );
  return rows.length > 0;
}

export async function countOperators(database: Queryable): Promise<number> {
  const [row] = await database.query<{ count: bigint }>('select count(*) from operator');
  return Number(row?.count ?? 0);
}

/** Adds to the chained journal; `operator` undefined: the system itself. */
export async function writeJournal(
  database: Queryable,
  act: string,
  detail: Readonly<Record<string, unknown>>,
  operator?: string,
): Promise<void> {
  await database.query('insert into journal (operator, act, detail) values ($1, $2, $3)', [
    operator ?? null,
    act,
    storableJson(detail),
  ]);
}

/** Rows of the journal that are checked in one statement. */
const journalPage = 10_000;

/** The id of the first row whose hash does not follow from the one before; undefined: the journal is whole. */
export async function brokenJournalRow(database: Queryable): Promise<bigint | undefined> {
  let after: { readonly id: bigint; readonly hash: Buffer | null } = { id: 0n, hash: null };
  while (true) {
    // The first row of a page follows from the last of the page before, every other one from its neighbour.
    const [page] = await database.query<{ broken: bigint | null; last: bigint | null; hash: Buffer | null }>(
      `with page as (
         select j.id, j.hash, journal_hash(coalesce(lag(j.hash) over (order by j.id), $2::bytea), j) as due
           from journal j where j.id > $1 order by j.id limit $3)
       select min(id) filter (where hash <> due) as broken, max(id) as last,
              (select hash from page order by id desc limit 1) as hash from page`,
      [after.id, after.hash, journalPage],
    );
    if (page?.broken != null) return page.broken;
    if (page?.last == null) return undefined;
    after = { id: page.last, hash: page.hash };
  }
}
