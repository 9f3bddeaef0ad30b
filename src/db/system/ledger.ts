/** Accounts: movements and the balance, written together (data.md, "Money"). */
import type { Charge } from '../../core/ports.ts';
import type { Database, Queryable } from '../database.ts';
import { writeJournal } from './operator.ts';

/**
 * Charges at the tariffs in force; a kilobyte that has begun counts whole. A message charged before changes nothing.
 * Accounts are locked in the order of their matricule, so that two engines cannot wait for each other in a circle.
 */
export function charge(database: Database, charges: readonly Charge[]): Promise<void> {
  return database.transaction(async connection => {
    await lockAccounts(connection, [...new Set(charges.map(({ client }) => client))]);
    await connection.query(
      `with due as (
         select a.client, k.message_id, k.service, k.size,
                coalesce(t.per_act + t.per_kilobyte * ceil(k.size / 1024.0)::bigint, 0) as amount
           from unnest($1::int[], $2::bytea[], $3::text[], $4::int[]) k (client, message_id, service, size)
           join account a on a.client = k.client
           left join lateral (
             select per_act, per_kilobyte from tariff
              where service = k.service and valid_from <= now() order by valid_from desc limit 1) t on true),
       written as (
         insert into movement (client, kind, service, message_id, bytes, amount)
         select client, 'charge', service, message_id, size, -amount from due
         on conflict (client, message_id) where kind = 'charge' do nothing
         returning client, amount)
       update account a set balance = a.balance + w.amount
         from (select client, sum(amount)::bigint as amount from written group by client) w
        where a.client = w.client`,
      [
        charges.map(({ client }) => client),
        charges.map(({ messageId }) => messageId),
        charges.map(({ service }) => service),
        charges.map(({ bytes }) => bytes),
      ],
    );
  });
}

/**
 * Opens the accounts that are missing. Clients who do not exist (XMServerSystem was restored from a backup older than
 * their first message) cannot be charged; that is told in the journal, and must not hold up the charges of the others.
 */
async function lockAccounts(connection: Queryable, clients: readonly number[]): Promise<void> {
  const locked = await connection.query<{ client: number }>(
    'select client from account where client = any($1::int[]) order by client for update',
    [clients],
  );
  if (locked.length === clients.length) return;
  const known = new Set(locked.map(({ client }) => client));
  const opened = await connection.query<{ client: number }>(
    `insert into account (client) select matricule from client where matricule = any($1::int[]) order by matricule
     on conflict (client) do nothing returning client`,
    [clients.filter(client => !known.has(client))],
  );
  for (const { client } of opened) known.add(client);
  const missing = clients.filter(client => !known.has(client));
  if (missing.length > 0) await writeJournal(connection, 'charge-without-client', { clients: missing });
}
