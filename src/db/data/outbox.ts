/** Sealed messages to clients (xms.outbox), and which of them wait to be sent (xms.outgoing): taken for a while, sent, given back. */
import type { OutboxEntry } from '../../core/ports.ts';
import { type Database, type Queryable, valuesList } from '../database.ts';
import { addToDay } from './attempt.ts';

/** Parameters that one statement may carry (the protocol counts them in 16 bits). */
const parameterLimit = 60_000;

/** New entries, in order, that wait; taken for `leaseMs` where it is given. */
export async function writeOutbox(
  connection: Queryable,
  answers: readonly Omit<OutboxEntry, 'id'>[],
  leaseMs?: number,
): Promise<OutboxEntry[]> {
  const entries: OutboxEntry[] = [];
  const limit = Math.floor(parameterLimit / 3);
  for (let i = 0; i < answers.length; i += limit) {
    const part = answers.slice(i, i + limit);
    const { text, parameters } = valuesList(part.map(({ client, sdc, count }) => [client, sdc, count]));
    const rows = await connection.query<{ id: bigint }>(
      `insert into xms.outbox (client, sdc, count) values ${text} returning id`,
      parameters,
    );
    entries.push(...part.map((answer, j) => ({ id: rows[j]?.id as bigint, ...answer })));
  }
  if (entries.length > 0) {
    await connection.query(
      `insert into xms.outgoing (outbox, leased_until)
       select o, now() + $2 * interval '1 millisecond' from unnest($1::bigint[]) o`,
      [entries.map(({ id }) => id), leaseMs ?? null],
    );
  }
  return entries;
}

/** A condition on xms.outgoing. */
export interface OutgoingCondition {
  /** With the mark of its parameter. */
  readonly text: (mark: string) => string;
  readonly parameter: unknown;
}

export function takeOutbox(
  database: Database,
  limit: number,
  leaseMs: number,
  condition?: OutgoingCondition,
): Promise<OutboxEntry[]> {
  return database.transaction(connection =>
    connection.query<OutboxEntry & Record<string, unknown>>(
      `with free as materialized (
         select outbox from xms.outgoing
          -- No lease is twice as long: one that is was given by a clock that has been set back since.
          where (leased_until is null or not leased_until between now() and now() + 2 * $2 * interval '1 millisecond')
            ${condition ? `and ${condition.text('$3')}` : ''}
          order by outbox limit $1 for update skip locked),
       taken as (
         update xms.outgoing set leased_until = now() + $2 * interval '1 millisecond'
          where outbox = any(array(select outbox from free)))
       select id, client, sdc, count from xms.outbox where id = any(array(select outbox from free)) order by id`,
      [limit, leaseMs, ...(condition ? [condition.parameter] : [])],
    ),
  );
}

/** Those that nobody has taken. */
export async function countOutbox(
  database: Queryable,
  { text, parameter }: OutgoingCondition,
): Promise<number> {
  const [row] = await database.query<{ count: bigint }>(
    `select count(*) from xms.outgoing where (leased_until is null or leased_until < now()) and ${text('$1')}`,
    [parameter],
  );
  return Number(row?.count ?? 0);
}

export function markSent(database: Database, ids: readonly bigint[]): Promise<void> {
  return database.transaction(async connection => {
    const rows = await connection.query(
      `with gone as (delete from xms.outgoing where outbox = any($1::bigint[]) returning outbox)
       insert into xms.sent (outbox) select outbox from gone order by outbox returning id`,
      [ids],
    );
    await addToDay(connection, { received: 0, filed: 0, refused: 0, sent: rows.length });
  });
}

export async function freeOutbox(database: Queryable): Promise<void> {
  await database.query('update xms.outgoing set leased_until = null where leased_until is not null');
}

export async function releaseOutbox(database: Queryable, ids: readonly bigint[]): Promise<void> {
  await database.query('update xms.outgoing set leased_until = null where outbox = any($1::bigint[])', [ids]);
}
