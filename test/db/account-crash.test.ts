/** Accounts under random acts, several at once, whose sessions end at random points: nothing is lost, nothing twice. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceOf } from '../../src/core/money/tariff.ts';
import type { Charge } from '../../src/core/ports.ts';
import { auditAccounts } from '../../src/db/system/audit.ts';
import { createClient } from '../../src/db/system/directory.ts';
import { enter } from '../../src/db/system/entry.ts';
import { makeInvoice } from '../../src/db/system/invoice.ts';
import { charge } from '../../src/db/system/ledger.ts';
import { brokenJournalRow } from '../../src/db/system/operator.ts';
import { writeTariff } from '../../src/db/system/tariff.ts';
import { messageId } from './arrivals.ts';
import { type Crash, CrashingDatabase, insistently } from './crashing-database.ts';
import { clone } from './databases.ts';

const system = await clone('XMServerSystem');
const clients = await Promise.all(
  ['Kribi', 'Lolodorf', 'Mbalmayo'].map(nom =>
    createClient(system, { nom, ville: '', telephone: '', status: 3 }),
  ),
);
const tariff = { service: 'EXPORT', perAct: 25n, perKilobyte: 10n } as const;
await writeTariff(system, tariff, 'os:test');

const crashes: fc.Arbitrary<Crash[]> = fc.array(
  fc.record({ after: fc.nat(8), how: fc.constantFrom<Crash['how']>('before', 'during', 'answer') }),
  { maxLength: 6 },
);
const client = fc.nat(clients.length - 1);
const act = fc.oneof(
  fc.record({ kind: fc.constant('recharge'), client, amount: fc.integer({ min: 1, max: 90_000 }) }),
  fc.record({
    kind: fc.constant('correction'),
    client,
    amount: fc.oneof(fc.integer({ min: 1, max: 9_000 }), fc.integer({ min: -9_000, max: -1 })),
  }),
  fc.record({ kind: fc.constant('charge'), client, amount: fc.integer({ min: 1, max: 5_000 }) }),
);
const lane = fc.record({
  crashes,
  /** Which of the acts this process does, in its order; others may do them, too. */
  acts: fc.array(fc.nat(11), { minLength: 1, maxLength: 8 }),
});

async function crashing(
  plan: readonly Crash[],
  work: (database: CrashingDatabase) => Promise<void>,
): Promise<void> {
  const database = new CrashingDatabase(system, plan);
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

async function count(table: string): Promise<number> {
  const [row] = await system.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return row?.count ?? 0;
}

describe('an account', () => {
  it('is the sum of its movements, each of them written once', async () => {
    const balances = new Map(clients.map(matricule => [matricule, 0n]));
    const made = { entries: 0, charges: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { minLength: 12, maxLength: 12 }),
        fc.array(lane, { minLength: 2, maxLength: 3 }),
        async (acts, lanes) => {
          const planned = acts.map(({ kind, client, amount }) => ({
            kind,
            client: clients[client] as number,
            amount,
            reference: randomUUID(),
            messageId: messageId(),
          }));
          const perform = (database: CrashingDatabase, one: (typeof planned)[number]) => {
            const { kind, client, amount, reference } = one;
            if (kind === 'charge') return charge(database, [chargeOf(one)]);
            const entry = { client, amount: BigInt(amount), reference, reason: 'essai' } as const;
            return enter(
              database,
              { ...entry, kind: kind === 'recharge' ? 'recharge' : 'correction' },
              'os:test',
            );
          };
          await Promise.all(
            lanes.map(({ crashes, acts: chosen }) =>
              crashing(crashes, async database => {
                for (const index of chosen) {
                  const one = planned[index];
                  if (one) await insistently(async () => void (await perform(database, one)));
                }
              }),
            ),
          );
          for (const index of new Set(lanes.flatMap(({ acts: chosen }) => chosen))) {
            const one = planned[index];
            if (!one) continue;
            const moved = one.kind === 'charge' ? -priceOf(tariff, one.amount) : BigInt(one.amount);
            balances.set(one.client, (balances.get(one.client) ?? 0n) + moved);
            made[one.kind === 'charge' ? 'charges' : 'entries']++;
          }
          const rows = await system.query<{ client: number; balance: bigint }>(
            'select client, balance from account',
          );
          expect(new Map(rows.map(({ client, balance }) => [client, balance]))).toEqual(balances);
          expect(await auditAccounts(system)).toMatchObject({ accounts: clients.length, imbalances: [] });
        },
      ),
      { numRuns: 40 },
    );
    // Neither notice nor journal without its movement, nor a movement without them.
    expect(await count(`movement where kind <> 'charge'`)).toBe(made.entries);
    expect(await count(`movement where kind = 'charge'`)).toBe(made.charges);
    expect(await count('notice')).toBe(made.entries);
    expect(await count(`journal where act in ('account-recharge', 'account-correction')`)).toBe(made.entries);
    expect(await brokenJournalRow(system)).toBeUndefined();
    expect(made.entries).toBeGreaterThan(100);
  }, 120_000);
});

describe('invoices', () => {
  it('are numbered without gaps, and one for each period, however many make them at once', async () => {
    await system.query(
      `insert into movement (client, kind, service, message_id, bytes, amount, at)
       select c, 'charge', 'EXPORT', decode(lpad(to_hex(c * 100 + i), 16, '0'), 'hex'), 600, -35,
              date '2026-01-15' + i * interval '1 month'
         from unnest($1::int[]) c, generate_series(0, 5) i`,
      [clients],
    );
    const job = fc.record({ client, month: fc.integer({ min: 1, max: 6 }) });
    const lanes = fc.array(fc.record({ crashes, jobs: fc.array(job, { minLength: 1, maxLength: 6 }) }), {
      minLength: 2,
      maxLength: 3,
    });
    const periods = new Set<string>();
    await fc.assert(
      fc.asyncProperty(lanes, async running => {
        await Promise.all(
          running.map(({ crashes, jobs }) =>
            crashing(crashes, async database => {
              for (const { client, month } of jobs) {
                const [first, last] = [`2026-0${month}-01`, `2026-0${month}-28`];
                const matricule = clients[client] as number;
                periods.add(`${matricule} ${first}`);
                const invoice = await insistently(() =>
                  makeInvoice(database, matricule, { first, last }, 'os:test'),
                );
                expect(invoice).toMatchObject({ client: matricule, period: { first, last }, total: 35n });
              }
            }),
          ),
        );
        const rows = await system.query<{ number: number }>('select number from invoice order by number');
        expect(rows.map(({ number }) => number)).toEqual(
          Array.from({ length: periods.size }, (_, i) => i + 1),
        );
      }),
      { numRuns: 15 },
    );
    expect(periods.size).toBeGreaterThan(5);
  }, 120_000);
});

function chargeOf(one: { client: number; messageId: Uint8Array; amount: number }): Charge {
  return { client: one.client, messageId: one.messageId, service: 'EXPORT', bytes: one.amount };
}
