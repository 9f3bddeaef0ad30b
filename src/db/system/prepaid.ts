/** Reading is paid before it is sent (data.md, "Money"): no credit, no rows. */
import { XmError } from '../../core/errors.ts';
import type { Tariff } from '../../core/money/tariff.ts';
import type { PaidQuestion, Price } from '../../core/service-ports.ts';
import type { Database, Queryable } from '../database.ts';
import { readSettings } from './setting.ts';

/** Of one record at most: what an SDC holds that every receiver accepts. */
const largestBytes = 16_384;
/** Clocks of an engine and of PostgreSQL are nearer than that; a question is purged, and its id free, a day later. */
const clockTolerance = '12 hours';

/**
 * Before anything is read: how many records there is room for, were they of no size; or as many as were paid for under
 * this message. There must be room for one of any size: else whoever has nothing on his account would learn from the
 * refusal that there is such a record, and from an empty answer that there is none. Throws `account-empty`,
 * `quota-reached`, `message-id-reused`.
 */
export function affordable(database: Database, question: PaidQuestion): Promise<number> {
  return database.transaction(async connection => {
    const paid = await paidFor(connection, question);
    if (paid !== undefined) return paid;
    const room = await roomOf(connection, question.client);
    const tariff = await tariffOf(connection, question.service);
    payable(room, tariff, { records: 1, bytes: largestBytes });
    const { perAct, perKilobyte } = tariff;
    // Whatever is sent begins a kilobyte.
    const byCredit = perAct === 0n ? Number.POSITIVE_INFINITY : Number((room.credit - perKilobyte) / perAct);
    return Math.max(1, Math.min(byCredit, readingsLeft(room)));
  });
}

/**
 * Charges at the tariff in force, and counts the day's readings. Returns the records that are paid for: those of `price`;
 * what was charged for this question before, whatever the account holds now; or fewer, where there is no room for all:
 * then nothing is charged, and so many are worth another try. Throws `account-empty`, `quota-reached`,
 * `message-id-reused`.
 */
export function prepay(database: Database, price: Price): Promise<number> {
  const { client, messageId, service, records, bytes } = price;
  return database.transaction(async connection => {
    await connection.query('insert into account (client) values ($1) on conflict (client) do nothing', [
      client,
    ]);
    // The account is locked: of two that pay at once, the second sees what the first left.
    await connection.query('select from account where client = $1 for update', [client]);
    const before = await paidFor(connection, price);
    if (before !== undefined) return before;
    const tariff = await tariffOf(connection, service);
    const most = payable(await roomOf(connection, client), tariff, price);
    if (most < records) return most;
    const amount = costOf(tariff, price);
    await countReadings(connection, client, records);
    await connection.query(
      `insert into movement (client, kind, service, message_id, amount, bytes, records)
       values ($1, 'charge', $2, $3, $4, $5, $6)`,
      [client, service, messageId, -amount, bytes, records],
    );
    await connection.query('update account set balance = balance - $2 where client = $1', [client, amount]);
    return records;
  });
}

/**
 * The records that were charged under this message; undefined: none was. Movements outlast questions and their answers:
 * one of long ago, or of another service, has paid for another reading. Throws `message-id-reused`.
 */
async function paidFor(
  connection: Queryable,
  { client, messageId, service, askedAt }: PaidQuestion,
): Promise<number | undefined> {
  const [charged] = await connection.query<{ ours: boolean; records: number }>(
    `select bool_and(service = $3 and at > $4::timestamptz - interval '${clockTolerance}') as ours,
            max(records) as records
       from movement where client = $1 and message_id = $2 and kind = 'charge' having count(*) > 0`,
    [client, messageId, service, new Date(askedAt)],
  );
  if (charged && !charged.ours) throw new XmError('message-id-reused');
  return charged?.records;
}

interface Room {
  readonly balance: bigint;
  /** What may be spent: below zero, too, as far as the settings let it go. */
  readonly credit: bigint;
  /** Records of one day; null: no limit. */
  readonly quota: number | null;
  /** Today. */
  readonly read: number;
}

async function roomOf(connection: Queryable, client: number): Promise<Room> {
  const [row] = await connection.query<{ balance: bigint; quota: number | null; read: number }>(
    `select coalesce(a.balance, 0) as balance, c.reads_per_day as quota, coalesce(r.count, 0) as read
       from client c left join account a on a.client = c.matricule
       left join reading r on r.client = c.matricule and r.day = current_date
      where c.matricule = $1`,
    [client],
  );
  const { balance = 0n, quota = null, read = 0 } = row ?? {};
  const { readingOverdraft } = await readSettings(connection);
  return { balance, credit: balance + BigInt(readingOverdraft), quota, read };
}

function readingsLeft({ quota, read }: Room): number {
  return quota === null ? Number.POSITIVE_INFINITY : quota - read;
}

/** How many of so many records can be paid, by their share of all. Throws `account-empty`, `quota-reached`: not one. */
function payable(room: Room, tariff: Prices, { records, bytes }: Pick<Price, 'records' | 'bytes'>): number {
  const left = readingsLeft(room);
  if (left <= 0) throw new XmError('quota-reached', { limit: room.quota ?? 0 });
  const amount = costOf(tariff, { records, bytes });
  if (amount === 0n || amount <= room.credit) return Math.min(records, left);
  if (records === 1) {
    throw new XmError('account-empty', { needed: Number(amount), balance: Number(room.balance) });
  }
  const share = Number((room.credit * BigInt(records)) / amount);
  return Math.min(left, Math.max(1, share));
}

type Prices = Pick<Tariff, 'perAct' | 'perKilobyte'>;

async function tariffOf(connection: Queryable, service: string): Promise<Prices> {
  const [tariff] = await connection.query<{ per_act: bigint; per_kilobyte: bigint }>(
    `select per_act, per_kilobyte from tariff where service = $1 and valid_from <= now()
      order by valid_from desc limit 1`,
    [service],
  );
  return { perAct: tariff?.per_act ?? 0n, perKilobyte: tariff?.per_kilobyte ?? 0n };
}

/** A kilobyte that has begun counts whole. */
function costOf(
  { perAct, perKilobyte }: Prices,
  { records, bytes }: Pick<Price, 'records' | 'bytes'>,
): bigint {
  return perAct * BigInt(records) + perKilobyte * BigInt(Math.ceil(bytes / 1024));
}

/** Days that are over are of no use any more. */
async function countReadings(connection: Queryable, client: number, records: number): Promise<void> {
  await connection.query('delete from reading where client = $1 and day < current_date', [client]);
  await connection.query(
    `insert into reading as r (client, day, count) values ($1, current_date, $2)
     on conflict (client, day) do update set count = r.count + excluded.count`,
    [client, records],
  );
}
