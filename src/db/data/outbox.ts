/** Sealed messages to clients (xms.outbox): taken for a while, sent, given back. */
import type { OutboxEntry } from '../../core/ports.ts';
import type { Database, Queryable } from '../database.ts';
import { addToDay } from './attempt.ts';

export function takeOutbox(database: Queryable, limit: number, leaseMs: number): Promise<OutboxEntry[]> {
  return database.query<OutboxEntry & Record<string, unknown>>(
    `with free as (
       select id from xms.outbox
        where sent_at is null
          -- No lease is twice as long: one that is was given by a clock that has been set back since.
          and (leased_until is null or not leased_until between now() and now() + 2 * $2 * interval '1 millisecond')
        order by id limit $1 for update skip locked)
     update xms.outbox o set leased_until = now() + $2 * interval '1 millisecond'
       from free where o.id = free.id
     returning o.id, o.client, o.sdc, o.count`,
    [limit, leaseMs],
  );
}

export function markSent(database: Database, ids: readonly bigint[]): Promise<void> {
  return database.transaction(async connection => {
    const rows = await connection.query(
      `update xms.outbox set sent_at = now(), leased_until = null
        where id = any($1::bigint[]) and sent_at is null returning id`,
      [ids],
    );
    await addToDay(connection, { received: 0, filed: 0, refused: 0, sent: rows.length });
  });
}

export async function releaseOutbox(database: Queryable, ids: readonly bigint[]): Promise<void> {
  await database.query(
    'update xms.outbox set leased_until = null where id = any($1::bigint[]) and sent_at is null',
    [ids],
  );
}
