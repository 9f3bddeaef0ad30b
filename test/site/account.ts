/** An account of every message: sent = filed = receipted = billed, none lost, none twice. */
import type { Database } from '../../src/db/database.ts';
import { until } from '../until.ts';
import type { Site } from './site.ts';

export interface Account {
  readonly filed: number;
  /** Filed records, one of each, that are where their provenance says. */
  readonly distinct: number;
  readonly receipted: number;
  readonly billed: number;
}

/** `earlier`: records that were there before, and are charged. */
export async function accountOf(site: Site, earlier = 0): Promise<Account> {
  return {
    filed: await count(site.documents, `"Naissance" where "Numero" > ${earlier}`),
    distinct: await count(
      site.documents,
      `(select distinct client, numero_there from xms.provenance p join "Naissance" n on n."Numero" = p.numero
         where n."Numero" > ${earlier}) p`,
    ),
    // A record that was sent in two messages has two receipts, of the same number.
    receipted: await count(
      site.documents,
      `(select distinct p.client, p.numero from xms.answer a
          join xms.provenance p on p.client = a.client and p.message_id = a.about
         where p.numero > ${earlier}) r`,
    ),
    billed: await count(site.system, `movement where kind = 'charge' and id > ${earlier}`),
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
    if (performance.now() - movedAt > patienceMs) {
      throw new Error(
        `stands still at ${now}, sent ${sent}, refused ${JSON.stringify(await refusals(site))}`,
      );
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** As `settled`, where entries of the outbox may be nobody's: leases end after a second instead of 30. */
export async function settledEarly(site: Site, sent: number): Promise<void> {
  const timer = setInterval(() => void endLeases(site).catch(() => undefined), 500);
  try {
    await settled(site, sent);
  } finally {
    clearInterval(timer);
  }
}

async function endLeases(site: Site): Promise<void> {
  const ended = await site.documents.query(
    `update xms.outgoing set leased_until = now()
      where leased_until between now() and now() + interval '29 s' returning outbox`,
  );
  if (ended.length > 0) await site.system.query(`insert into command (verb) values ('cycle')`);
}

/** Resolves when at least that many are filed. */
export async function filed(site: Site, least: number): Promise<void> {
  await until(async () => {
    const state = await stateOf(site).catch(() => undefined);
    return state !== undefined && state.filed >= least;
  });
}

export async function filedCount(site: Site): Promise<number> {
  return (await stateOf(site)).filed;
}

/** Why messages were refused, and how many for each reason. */
export function refusals(site: Site): Promise<Record<string, unknown>[]> {
  return site.documents.query(
    `select reason, count(*)::int as count from xms.inbox where outcome = 'refused' group by 1 order by 2 desc limit 5`,
  );
}

async function stateOf(site: Site): Promise<{ readonly filed: number; readonly due: number }> {
  const [row] = await site.documents.query<{ filed: bigint; due: bigint }>(
    `select (select coalesce(sum(filed), 0)::bigint from xms.daily) as filed,
            (select count(*) from xms.unbilled) + (select count(*) from xms.due)
            + (select count(*) from xms.outgoing) as due`,
  );
  return { filed: Number(row?.filed ?? 0), due: Number(row?.due ?? 0) };
}

async function count(database: Database, from: string): Promise<number> {
  const [row] = await database.query<{ n: bigint }>(`select count(*) as n from ${from}`);
  return Number(row?.n);
}
