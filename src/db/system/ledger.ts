/** Accounts: movements and the balance, written together (data.md, "Money"). */
import type { Charge } from '../../core/ports.ts';
import type { Database } from '../database.ts';

/**
 * Charges at the tariffs in force; a kilobyte that has begun counts whole. A message charged before changes nothing.
 * Accounts are locked in the order of their matricule, so that two engines cannot wait for each other in a circle.
 */
export function charge(database: Database, charges: readonly Charge[]): Promise<void> {
  return database.transaction(async connection => {
    await connection.query('select from account where client = any($1::int[]) order by client for update', [
      [...new Set(charges.map(({ client }) => client))],
    ]);
    await connection.query(
      `with due as (
         select k.client, k.message_id, k.service,
                coalesce(t.per_act + t.per_kilobyte * ceil(k.size / 1024.0)::bigint, 0) as amount
           from unnest($1::int[], $2::bytea[], $3::text[], $4::int[]) k (client, message_id, service, size)
           left join tariff t using (service)),
       written as (
         insert into movement (client, kind, service, message_id, amount)
         select client, 'charge', service, message_id, -amount from due
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
