/** Reading is paid before it is sent (data.md, "Money"): no credit, no rows. */
import { XmError } from '../../core/errors.ts';
import type { PaidQuestion, Price } from '../../core/service-ports.ts';
import type { Database, Queryable } from '../database.ts';
import { readSettings } from './setting.ts';

/** Of one record at most: what an SDC holds that every receiver accepts. */
const largestBytes = 16_384;
/** Clocks of an engine and of PostgreSQL are nearer than that; a question is purged, and its id free, a day later. */
const clockTolerance = '12 hours';

/**
 * Before anything is read: there must be room for one record. Else whoever has nothing on his account would learn from
 * the refusal that there is such a record, and from an empty answer that there is none. Throws `account-empty`,
 * `quota-reached`, `message-id-reused`.
 */
export function demandCredit(database: Database, question: PaidQuestion): Promise<void> {
  return database.transaction(async connection => {
    if (await isCharged(connection, question)) return;
    const { client } = question;
    const [row] = await connection.query<{ balance: bigint; quota: number | null; read: number }>(
      `select coalesce(a.balance, 0) as balance, c.reads_per_day as quota, coalesce(r.count, 0) as read
         from client c left join account a on a.client = c.matricule
         left join reading r on r.client = c.matricule and r.day = current_date
        where c.matricule = $1`,
      [client],
    );
    if (row && row.quota !== null && row.read >= row.quota) {
      throw new XmError('quota-reached', { limit: row.quota });
    }
    const amount = await amountOf(connection, { ...question, records: 1, bytes: largestBytes });
    await demandBalance(connection, row?.balance ?? 0n, amount);
  });
}

/**
 * Charges at the tariff in force, and counts the day's readings. What was charged for this question before changes
 * nothing, whatever the account holds now. Throws `account-empty`, `quota-reached`, `message-id-reused`.
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
    if (await isCharged(connection, price)) return;
    await countReadings(connection, client, records);
    const amount = await amountOf(connection, price);
    await demandBalance(connection, account?.balance ?? 0n, amount);
    await connection.query(
      `insert into movement (client, kind, service, message_id, amount, bytes, records)
       values ($1, 'charge', $2, $3, $4, $5, $6)`,
      [client, service, messageId, -amount, bytes, records],
    );
    await connection.query('update account set balance = balance - $2 where client = $1', [client, amount]);
  });
}

/**
 * Movements outlast questions and their answers: one of long ago, or of another service, has paid for another reading.
 * Throws `message-id-reused`.
 */
async function isCharged(
  connection: Queryable,
  { client, messageId, service, askedAt }: PaidQuestion,
): Promise<boolean> {
  const [charged] = await connection.query<{ ours: boolean }>(
    `select bool_and(service = $3 and at > $4::timestamptz - interval '${clockTolerance}') as ours
       from movement where client = $1 and message_id = $2 and kind = 'charge' having count(*) > 0`,
    [client, messageId, service, new Date(askedAt)],
  );
  if (charged && !charged.ours) throw new XmError('message-id-reused');
  return charged !== undefined;
}

async function demandBalance(connection: Queryable, balance: bigint, amount: bigint): Promise<void> {
  if (amount === 0n) return;
  const { readingOverdraft } = await readSettings(connection);
  if (balance - amount < -BigInt(readingOverdraft)) {
    throw new XmError('account-empty', { needed: Number(amount), balance: Number(balance) });
  }
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
