/** An account of every message: sent = filed = receipted = billed, none lost, none twice. */
import type { Database } from '../../src/db/database.ts';
import type { Site } from './site.ts';

export interface Account {
  readonly filed: number;
  /** Filed records, one of each. */
  readonly distinct: number;
  readonly receipted: number;
  readonly billed: number;
}

export async function accountOf(site: Site): Promise<Account> {
  return {
    filed: await count(site.documents, '"Naissance"'),
    distinct: await count(site.documents, '(select distinct client, numero_there from xms.provenance) p'),
    receipted: await count(
      site.documents,
      "(select distinct client, about from xms.receipt where outcome = 'filed' and outbox is not null) r",
    ),
    billed: await count(site.system, "movement where kind = 'charge'"),
  };
}

/** What the account must be when `sent` messages came in. */
export function wholeAccount(sent: number): Account {
  return { filed: sent, distinct: sent, receipted: sent, billed: sent };
}

/**
 * Resolves when that many are filed, and nothing waits between two steps any more; rejects, with what is missing, when
 * nothing has moved for `patienceMs`.
 */
export async function settled(site: Site, sent: number, patienceMs = 60_000): Promise<void> {
  let [seen, movedAt] = ['', performance.now()];
  for (;;) {
    const state = await stateOf(site).catch(() => undefined); // PostgreSQL may be away: it is what some tests do
    if (state && state.filed >= sent && state.due === 0) return;
    const now = JSON.stringify(state);
    if (now !== seen) [seen, movedAt] = [now, performance.now()];
    if (performance.now() - movedAt > patienceMs) throw new Error(`stands still at ${now}, sent ${sent}`);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
}

async function stateOf(site: Site): Promise<{ readonly filed: number; readonly due: number }> {
  const [row] = await site.documents.query<{ filed: bigint; due: bigint }>(
    `select (select coalesce(sum(filed), 0)::bigint from xms.daily) as filed,
            (select count(*) from xms.unbilled) + (select count(*) from xms.receipt where outbox is null)
            + (select count(*) from xms.outbox where sent_at is null) as due`,
  );
  return { filed: Number(row?.filed ?? 0), due: Number(row?.due ?? 0) };
}

async function count(database: Database, from: string): Promise<number> {
  const [row] = await database.query<{ n: bigint }>(`select count(*) as n from ${from}`);
  return Number(row?.n);
}
