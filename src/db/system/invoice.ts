/** Invoices: numbered without gaps, final, one for each client and period. */
import { XmError } from '../../core/errors.ts';
import type { Period } from '../../core/money/period.ts';
import type { Invoice, InvoiceLine } from '../../core/money/ports.ts';
import type { Database, Queryable } from '../database.ts';
import { lockAccount } from './entry.ts';
import { writeJournal } from './operator.ts';
import { readSettings } from './setting.ts';

/**
 * Locks are taken in the order invoices, account, journal; who charges takes the last two in the same order. Under the
 * account's lock no movement of a day that has ended can come any more: a movement's moment is when it is written.
 */
export function makeInvoice(
  database: Database,
  client: number,
  period: Period,
  operator: string,
): Promise<Invoice> {
  return database.transaction(async connection => {
    await connection.query('lock table invoice in share row exclusive mode');
    const holder = await lockAccount(connection, client);
    const made = await sameInvoice(connection, client, period);
    if (made) return made;
    await requireEnded(connection, period);
    const sums = await sumsOf(connection, client, period);
    if (sums.count === 0) throw new XmError('invoice-empty', { from: period.first, until: period.last });
    const { serverName, currency, currencyDecimals } = await readSettings(connection);
    const [row] = await connection.query<{ number: number }>(
      `insert into invoice (number, client, first_day, last_day, operator, issuer, nom, ville, currency, decimals,
                            balance_before, recharged, corrected, total, balance_after)
       select coalesce((select number from invoice order by number desc limit 1), 0) + 1,
              $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
       returning number`,
      [
        client,
        period.first,
        period.last,
        operator,
        serverName,
        holder.name,
        holder.town,
        currency,
        currencyDecimals,
        sums.before,
        sums.recharged,
        sums.corrected,
        sums.charged,
        sums.before + sums.recharged + sums.corrected - sums.charged,
      ],
    );
    const number = row?.number ?? 0;
    await connection.query(
      `insert into invoice_line (invoice, day, service, count, bytes, amount)
       select $1, at::date, coalesce(service, ''), sum(records), coalesce(sum(bytes), 0), -sum(amount)
         from movement where client = $2 and at >= $3::date and at < $4::date + 1 and kind = 'charge'
        group by 2, 3`,
      [number, client, period.first, period.last],
    );
    const detail = { invoice: number, client, ...period, total: Number(sums.charged) };
    await writeJournal(connection, 'account-invoice', detail, operator);
    const written = await readInvoice(connection, number);
    if (!written) throw new Error(`invoice ${number} was not written`);
    return written;
  });
}

/** The invoice of this very period. Throws `invoice-overlap` for one that has some of its days. */
async function sameInvoice(
  connection: Queryable,
  client: number,
  { first, last }: Period,
): Promise<Invoice | undefined> {
  const [other] = await connection.query<{ number: number; from: string; until: string }>(
    `select number, first_day::text as from, last_day::text as until from invoice
      where client = $1 and first_day <= $3 and last_day >= $2 order by number limit 1`,
    [client, first, last],
  );
  if (!other) return undefined;
  if (other.from !== first || other.until !== last) throw new XmError('invoice-overlap', other);
  return readInvoice(connection, other.number);
}

/** What is still charged on would be on no invoice. */
async function requireEnded(connection: Queryable, { last }: Period): Promise<void> {
  const [row] = await connection.query<{ ended: boolean }>(
    'select $1::date < clock_timestamp()::date as ended',
    [last],
  );
  if (!row?.ended) throw new XmError('period-open', { until: last });
}

interface Sums extends Record<string, unknown> {
  readonly before: bigint;
  readonly recharged: bigint;
  readonly corrected: bigint;
  readonly charged: bigint;
  /** Charges. */
  readonly count: number;
}

async function sumsOf(connection: Queryable, client: number, { first, last }: Period): Promise<Sums> {
  const sum = (condition: string) => `coalesce(sum(amount) filter (where ${condition}), 0)::bigint`;
  const [sums] = await connection.query<Sums>(
    `select ${sum('at < $2::date')} as before, ${sum("at >= $2::date and kind = 'recharge'")} as recharged,
            ${sum("at >= $2::date and kind = 'correction'")} as corrected,
            -${sum("at >= $2::date and kind = 'charge'")} as charged,
            (count(*) filter (where at >= $2::date and kind = 'charge'))::int as count
       from movement where client = $1 and at < $3::date + 1`,
    [client, first, last],
  );
  return sums as Sums;
}

interface InvoiceRow extends Record<string, unknown> {
  readonly number: number;
  readonly client: number;
  readonly nom: string;
  readonly ville: string;
  readonly first: string;
  readonly last: string;
  readonly created_at: number;
  readonly issuer: string;
  readonly currency: string;
  readonly decimals: number;
  readonly balance_before: bigint;
  readonly recharged: bigint;
  readonly corrected: bigint;
  readonly total: bigint;
  readonly balance_after: bigint;
}

export async function readInvoice(database: Queryable, number: number): Promise<Invoice | undefined> {
  const [row] = await database.query<InvoiceRow>(
    `select number, client, nom, ville, first_day::text as first, last_day::text as last,
            (extract(epoch from created_at) * 1000)::float8 as created_at, issuer, currency, decimals,
            balance_before, recharged, corrected, total, balance_after
       from invoice where number = $1`,
    [number],
  );
  if (!row) return undefined;
  const lines = await database.query<InvoiceLine & Record<string, unknown>>(
    `select day::text, service, count, bytes, amount from invoice_line where invoice = $1
      order by invoice, day, service`,
    [number],
  );
  return {
    number,
    client: row.client,
    name: row.nom,
    town: row.ville,
    period: { first: row.first, last: row.last },
    createdAt: row.created_at,
    issuer: row.issuer,
    currency: { code: row.currency, decimals: row.decimals },
    balanceBefore: row.balance_before,
    recharged: row.recharged,
    corrected: row.corrected,
    total: row.total,
    balanceAfter: row.balance_after,
    lines,
  };
}
