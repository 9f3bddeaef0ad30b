/** Accounts: movements and the balance, written together (data.md, "Money"). */
import type { Charge } from '../../core/ports.ts';
import { arrayOf } from '../array.ts';
import type { Database, Queryable } from '../database.ts';
import { writeJournal } from './operator.ts';

/**
 * Charges at the tariffs in force; a kilobyte that has begun counts whole. What was charged before changes nothing.
 * Accounts that are missing are opened. Clients who do not exist (XMServerSystem was restored from a backup older than
 * their first message) cannot be charged; that is told in the journal, and must not hold up the charges of the others.
 */
export function charge(database: Database, charges: readonly Charge[]): Promise<void> {
  return database.transaction(async connection => {
    const rest = await chargeAccounts(connection, charges);
    if (rest.length === 0) return;
    await connection.query(
      `insert into account (client) select matricule from client where matricule = any($1::int[]) order by matricule
       on conflict (client) do nothing`,
      [clientsOf(rest)],
    );
    const missing = await chargeAccounts(connection, rest);
    if (missing.length === 0) return;
    await writeJournal(connection, 'charge-without-client', { clients: clientsOf(missing) });
  });
}

/**
 * Returns the charges of those who have no account. Accounts are locked in the order of their matricule, so that two
 * engines cannot wait for each other in a circle.
 */
async function chargeAccounts(connection: Queryable, charges: readonly Charge[]): Promise<Charge[]> {
  const locked = await connection.query<{ client: number }>(
    `with locked as materialized (
       select client from account where client = any($1::int[]) order by client for update),
     -- Nothing is written before all of them are locked.
     gate as materialized (select count(*) from locked),
     due as (
       select a.client, k.message_id, k.index, k.service, k.records, k.size,
              coalesce(t.per_act * k.records + t.per_kilobyte * ceil(k.size / 1024.0)::bigint, 0) as amount
         from gate
        cross join unnest($2::int[], $3::bytea[], $4::int[], $5::text[], $6::int[], $7::int[])
              k (client, message_id, index, service, records, size)
         join account a on a.client = k.client
         left join lateral (
           select per_act, per_kilobyte from tariff
            where service = k.service and valid_from <= now() order by valid_from desc limit 1) t on true),
     written as (
       insert into movement (client, kind, service, message_id, index, records, bytes, amount)
       select client, 'charge', service, message_id, index, records, size, -amount from due
       on conflict (client, message_id, index) where kind = 'charge' do nothing
       returning client, amount),
     moved as (
       update account a set balance = a.balance + w.amount
         from (select client, sum(amount)::bigint as amount from written group by client) w
        where a.client = w.client and w.amount <> 0)
     select client from locked`,
    [
      arrayOf(clientsOf(charges)),
      arrayOf(charges.map(({ client }) => client)),
      arrayOf(charges.map(({ messageId }) => messageId)),
      arrayOf(charges.map(({ index }) => index)),
      arrayOf(charges.map(({ service }) => service)),
      arrayOf(charges.map(({ records }) => records)),
      arrayOf(charges.map(({ bytes }) => bytes)),
    ],
  );
  const known = new Set(locked.map(({ client }) => client));
  return charges.filter(({ client }) => !known.has(client));
}

function clientsOf(charges: readonly Charge[]): number[] {
  return [...new Set(charges.map(({ client }) => client))];
}
