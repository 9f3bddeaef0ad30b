/** Reading is paid before it is sent (data.md, "Money"): no credit, no rows. */
import { XmError } from '../../core/errors.ts';
import type { Price } from '../../core/service-ports.ts';
import type { Database, Queryable } from '../database.ts';
import { readSettings } from './setting.ts';

/**
 * Charges at the tariff in force, and counts the day's readings. What was charged under this message before changes
 * nothing, whatever the account holds now. Throws `account-empty`, `quota-reached`.
 */
export function prepay(database: Database, price: Price): Promise<void> {
  const { client, messageId, service, records, bytes } = price;
  return database.transaction(async connection => {
    await connection.query('insert into account (client) values ($1) on conflict (client) do nothing', [
      client,
    ]);
    // The account is locked: of two that pay at once, the second sees what the first left.
    const [account] = await connection.query<{ balance: bigint }>(
      'select balance from account where client = $1 for update',
      [client],
    );
    const charged = await connection.query(
      `select from movement where client = $1 and message_id = $2 and kind = 'charge'`,
      [client, messageId],
    );
    if (charged.length > 0) return;
    await countReadings(connection, client, records);
    const amount = await amountOf(connection, price);
    const balance = account?.balance ?? 0n;
    const { readingOverdraft } = await readSettings(connection);
    if (amount > 0n && balance - amount < -BigInt(readingOverdraft)) {
      throw new XmError('account-empty', { needed: Number(amount), balance: Number(balance) });
    }
    await connection.query(
      `insert into movement (client, kind, service, message_id, amount, bytes, records)
       values ($1, 'charge', $2, $3, $4, $5, $6)`,
      [client, service, messageId, -amount, bytes, records],
    );
    await connection.query('update account set balance = balance - $2 where client = $1', [client, amount]);
  });
}

/** A kilobyte that has begun counts whole. */
async function amountOf(connection: Queryable, { service, records, bytes }: Price): Promise<bigint> {
  const [tariff] = await connection.query<{ per_act: bigint; per_kilobyte: bigint }>(
    `select per_act, per_kilobyte from tariff where service = $1 and valid_from <= now()
      order by valid_from desc limit 1`,
    [service],
  );
  if (!tariff) return 0n;
  return tariff.per_act * BigInt(records) + tariff.per_kilobyte * BigInt(Math.ceil(bytes / 1024));
}

/** Days that are over are of no use any more. Throws `quota-reached`. */
async function countReadings(connection: Queryable, client: number, records: number): Promise<void> {
  await connection.query('delete from reading where client = $1 and day < current_date', [client]);
  const [row] = await connection.query<{ count: number; limit: number | null }>(
    `with counted as (
       insert into reading as r (client, day, count) values ($1, current_date, $2)
       on conflict (client, day) do update set count = r.count + excluded.count returning count)
     select counted.count, c.reads_per_day as limit from counted, client c where c.matricule = $1`,
    [client, records],
  );
  if (row && row.limit !== null && row.count > row.limit)
    throw new XmError('quota-reached', { limit: row.limit });
}
