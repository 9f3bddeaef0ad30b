/** Proof that the books agree: balances with movements, invoices with both. */
import type { Audit, Imbalance } from '../../core/money/ports.ts';
import type { Queryable } from '../database.ts';

/** Accounts, and invoices, that one statement checks. Each sees one moment: balance and movements move together. */
const page = 1_000;

interface CheckedRow extends Record<string, unknown> {
  readonly id: number;
  readonly client: number;
  readonly kept: bigint;
  readonly sum: bigint;
}

const accounts = `
  select c.matricule as id, c.matricule as client, coalesce(a.balance, 0)::bigint as kept, m.sum
    from client c left join account a on a.client = c.matricule
   cross join lateral (
     select coalesce(sum(amount), 0)::bigint as sum from movement where client = c.matricule) m
   where c.matricule > $1 order by c.matricule limit $2`;

/** The total with its lines and with the charges of its days; then the balance at its end. */
const invoices = `
  select i.number as id, i.client, case when i.total <> l.sum or i.total <> m.charged then i.total else i.balance_after end as kept,
         case when i.total <> l.sum then l.sum when i.total <> m.charged then m.charged else m.sum end as sum
    from invoice i
   cross join lateral (
     select coalesce(sum(amount), 0)::bigint as sum from invoice_line where invoice = i.number) l
   cross join lateral (
     select coalesce(sum(amount), 0)::bigint as sum,
            -coalesce(sum(amount) filter (where kind = 'charge' and at >= i.first_day), 0)::bigint as charged
       from movement where client = i.client and at < i.last_day + 1) m
   where i.number > $1 order by i.number limit $2`;

export async function auditAccounts(database: Queryable): Promise<Audit> {
  const imbalances: Imbalance[] = [];
  const counts = { accounts: 0, invoices: 0 };
  for await (const { client, kept, sum } of checked(database, accounts)) {
    counts.accounts++;
    if (kept !== sum) imbalances.push({ client, kept, sum });
  }
  for await (const { id, client, kept, sum } of checked(database, invoices)) {
    counts.invoices++;
    if (kept !== sum) imbalances.push({ client, invoice: id, kept, sum });
  }
  return { ...counts, imbalances };
}

async function* checked(database: Queryable, query: string): AsyncGenerator<CheckedRow> {
  for (let after = 0; ; ) {
    const rows = await database.query<CheckedRow>(query, [after, page]);
    yield* rows;
    if (rows.length < page) return;
    after = rows.at(-1)?.id ?? after;
  }
}
