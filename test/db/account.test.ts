/** Accounts by the rules of core, on a real ledger. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { correct, recharge } from '../../src/core/money/entry.ts';
import { findInvoice, invoice } from '../../src/core/money/invoice.ts';
import { statement } from '../../src/core/money/statement.ts';
import { priceOf, setTariff } from '../../src/core/money/tariff.ts';
import type { Operator, Privilege } from '../../src/core/operator.ts';
import { PostgresAccountStore } from '../../src/db/account-store.ts';
import { createClient } from '../../src/db/system/directory.ts';
import { charge } from '../../src/db/system/ledger.ts';
import { brokenJournalRow } from '../../src/db/system/operator.ts';
import { writeSettings } from '../../src/db/system/setting.ts';
import { messageId } from './arrivals.ts';
import { clone, open, untilBlocked } from './databases.ts';

const system = await clone('XMServerSystem');
const store = new PostgresAccountStore(system);
const operator = (privilege: Privilege): Operator => ({ id: 1, userName: 'mbome', name: 'Mbome', privilege });
const head = operator(3);

const newClient = (nom = 'Mbalmayo II') =>
  createClient(system, { nom, ville: 'Mbalmayo', telephone: '', status: 3 });
const chargeOf = (client: number, bytes = 600) => ({
  client,
  messageId: messageId(),
  service: 'EXPORT' as const,
  bytes,
});

async function balanceOf(client: number): Promise<bigint | undefined> {
  const [row] = await system.query<{ balance: bigint }>('select balance from account where client = $1', [
    client,
  ]);
  return row?.balance;
}

/** Charges of days that are over, which no engine can make any more. */
async function chargedOn(client: number, days: readonly string[], amount = -35): Promise<void> {
  await system.query(
    `with written as (
       insert into movement (client, kind, service, message_id, bytes, amount, at)
       select $1, 'charge', 'EXPORT', decode(md5(random()::text), 'hex'), 600, $3, d::timestamptz + interval '9 hours'
         from unnest($2::text[]) d returning amount)
     update account set balance = balance + (select sum(amount) from written) where client = $1`,
    [client, days, amount],
  );
}

describe('a recharge', () => {
  it('is entered once for each receipt', async () => {
    const client = await newClient();
    const entry = { client, amount: 12_500n, reference: ' 2026/0001 ' };
    const first = await recharge(store, head, entry);
    expect(first).toMatchObject({
      movement: { client, kind: 'recharge', amount: 12_500n, reference: '2026/0001', operator: 'mbome' },
      balance: 12_500n,
      repeated: false,
    });
    await charge(system, [chargeOf(client)]);
    const again = await recharge(store, head, entry);
    expect(again).toEqual({ ...first, repeated: true });
    expect(await balanceOf(client)).toBe(12_500n);
  });

  it('is refused under a receipt that stands for something else', async () => {
    const [client, other] = [await newClient(), await newClient()];
    await recharge(store, head, { client, amount: 500n, reference: '2026/0002' });
    for (const wrong of [
      { client, amount: 501n },
      { client: other, amount: 500n },
    ]) {
      await expect(recharge(store, head, { ...wrong, reference: '2026/0002' })).rejects.toMatchObject({
        code: 'reference-taken',
        params: { reference: '2026/0002', client, amount: '500' },
      });
    }
    expect([await balanceOf(client), await balanceOf(other)]).toEqual([500n, 0n]);
  });

  it('is one, however many enter the same at once', async () => {
    const [client, other] = [await newClient(), await newClient()];
    const elsewhere = new PostgresAccountStore(open(system.settings.database));
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) =>
        recharge(i % 2 ? store : elsewhere, head, {
          client: i % 3 ? client : other,
          amount: 700n,
          reference: '2026/0003',
        }),
      ),
    );
    const fresh = results.filter(result => result.status === 'fulfilled' && !result.value.repeated);
    expect(fresh).toHaveLength(1);
    expect(new Set([await balanceOf(client), await balanceOf(other)])).toEqual(new Set([0n, 700n]));
  });

  it.each([
    ['nothing', 0n],
    ['less than nothing', -5n],
    ['more than there can be', 10n ** 13n + 1n],
  ])('of %s is none', async (_name, amount) => {
    const client = await newClient();
    await expect(recharge(store, head, { client, amount, reference: randomUUID() })).rejects.toMatchObject({
      code: 'amount-invalid',
    });
    expect(await balanceOf(client)).toBe(0n);
  });

  it('needs a receipt, a client, and the privilege', async () => {
    const client = await newClient();
    for (const reference of ['', '  ', 'x'.repeat(65)]) {
      await expect(recharge(store, head, { client, amount: 5n, reference })).rejects.toMatchObject({
        code: 'reference-invalid',
      });
    }
    const entry = { client, amount: 5n, reference: randomUUID() };
    await expect(recharge(store, head, { ...entry, client: 999_999 })).rejects.toMatchObject({
      code: 'client-unknown',
    });
    await expect(recharge(store, operator(1), entry)).rejects.toMatchObject({ code: 'privilege-needed' });
    expect(await balanceOf(client)).toBe(0n);
    expect((await recharge(store, operator(2), entry)).balance).toBe(5n);
  });

  it('is told to the client, and to the journal', async () => {
    const client = await newClient();
    await recharge(store, head, { client, amount: 900n, reference: 'told' });
    await correct(store, head, { client, amount: -100n, reference: 'told', reason: 'frais' });
    await recharge(store, head, { client, amount: 900n, reference: 'told' });
    const notices = await system.query(
      'select kind, amount, balance, taken_at from notice where client = $1 order by id',
      [client],
    );
    expect(notices).toEqual([
      { kind: 'recharge', amount: 900n, balance: 900n, taken_at: null },
      { kind: 'correction', amount: -100n, balance: 800n, taken_at: null },
    ]);
    const journal = await system.query(
      `select act, operator, detail from journal where (detail ->> 'client')::int = $1 order by id`,
      [client],
    );
    expect(journal).toMatchObject([
      {
        act: 'account-recharge',
        operator: 'mbome',
        detail: { amount: 900, reference: 'told', balance: 900 },
      },
      {
        act: 'account-correction',
        operator: 'mbome',
        detail: { amount: -100, reason: 'frais', balance: 800 },
      },
    ]);
    expect(await brokenJournalRow(system)).toBeUndefined();
  });
});

describe('a correction', () => {
  it('goes either way, with a reason, once for each act', async () => {
    const client = await newClient();
    const entry = { client, amount: -300n, reference: randomUUID(), reason: 'double saisie' };
    const first = await correct(store, head, entry);
    expect(first.movement).toMatchObject({ kind: 'correction', amount: -300n, reason: 'double saisie' });
    expect((await correct(store, head, entry)).repeated).toBe(true);
    await correct(store, head, { ...entry, amount: 100n, reference: randomUUID() });
    expect(await balanceOf(client)).toBe(-200n);
  });

  it('without a reason, or without the privilege, is none', async () => {
    const entry = { client: await newClient(), amount: 5n, reference: randomUUID() };
    await expect(correct(store, head, { ...entry, reason: ' ' })).rejects.toMatchObject({
      code: 'reason-missing',
    });
    await expect(correct(store, operator(2), { ...entry, reason: 'x' })).rejects.toMatchObject({
      code: 'privilege-needed',
    });
  });

  it('may bear the number of the recharge that it corrects', async () => {
    const entry = { client: await newClient(), amount: 5n, reference: '2026/0099' };
    await recharge(store, head, entry);
    expect((await correct(store, head, { ...entry, amount: -5n, reason: 'erreur' })).balance).toBe(0n);
  });

  it('cannot be written past the rules either', async () => {
    const client = await newClient();
    const insert = (columns: string, values: string) =>
      system.query(`insert into movement (client, ${columns}) values (${client}, ${values})`);
    await expect(insert('kind, amount', `'recharge', 5`)).rejects.toThrow('movement_recharge');
    await expect(insert('kind, amount, reference', `'recharge', -5, 'x'`)).rejects.toThrow(
      'movement_recharge',
    );
    await expect(insert('kind, amount, reference', `'correction', 5, 'x'`)).rejects.toThrow(
      'movement_correction',
    );
  });
});

describe('tariffs', () => {
  const service = 'EXPORT';

  it('have a history: what was charged keeps its price', async () => {
    const client = await newClient();
    await setTariff(store, head, { service, perAct: 25n, perKilobyte: 10n });
    await charge(system, [chargeOf(client, 1025)]);
    await setTariff(store, head, { service, perAct: 100n, perKilobyte: 0n });
    await charge(system, [chargeOf(client, 1025)]);
    const validFrom = Date.now() + 3_600_000;
    await setTariff(store, head, { service, perAct: 1n, perKilobyte: 1n, validFrom });
    await charge(system, [chargeOf(client, 1025)]);
    const rows = await system.query('select amount from movement where client = $1 order by id', [client]);
    expect(rows).toEqual([-45n, -100n, -100n].map(amount => ({ amount })));
    const own = (await store.tariffs()).filter(tariff => tariff.service === service);
    expect(own.map(({ perAct }) => perAct)).toEqual([1n, 100n, 25n, 0n]);
    expect(own.map(tariff => tariff.validFrom).slice(0, 1)).toEqual([validFrom]);
    expect(own.at(-1)).not.toHaveProperty('validFrom');
    // One that has not begun can still be changed.
    await setTariff(store, head, { service, perAct: 2n, perKilobyte: 0n, validFrom });
    expect((await store.tariffs()).find(one => one.validFrom === validFrom)?.perAct).toBe(2n);
  });

  it('cost what priceOf says', async () => {
    const client = await newClient();
    const price = fc.bigInt(0n, 1_000n);
    await fc.assert(
      fc.asyncProperty(
        price,
        price,
        fc.integer({ min: 1, max: 70_000 }),
        async (perAct, perKilobyte, bytes) => {
          const tariff = { service, perAct, perKilobyte };
          await setTariff(store, head, tariff);
          const one = chargeOf(client, bytes);
          await charge(system, [one]);
          const [row] = await system.query<{ amount: bigint; bytes: number }>(
            'select amount, bytes from movement where client = $1 and message_id = $2',
            [client, one.messageId],
          );
          expect(row).toEqual({ amount: -priceOf(tariff, bytes), bytes });
        },
      ),
      { numRuns: 30 },
    );
  });

  it('do not begin in the past, cost something or nothing, and are of a service that there is', async () => {
    const tariff = { service, perAct: 5n, perKilobyte: 0n };
    await expect(setTariff(store, head, { ...tariff, validFrom: Date.now() - 1_000 })).rejects.toMatchObject({
      code: 'tariff-past',
    });
    await expect(setTariff(store, head, { ...tariff, perKilobyte: -1n })).rejects.toMatchObject({
      code: 'amount-invalid',
    });
    await expect(setTariff(store, head, { ...tariff, service: 'EXPROT' })).rejects.toMatchObject({
      code: 'tariff-service',
    });
    await expect(setTariff(store, operator(2), tariff)).rejects.toMatchObject({ code: 'privilege-needed' });
  });
});

describe('an invoice', () => {
  const march = { first: '2026-03-01', last: '2026-03-31' };
  let client: number;

  beforeAll(async () => {
    client = await newClient('Mbalmayo II');
    await chargedOn(client, ['2026-02-28', '2026-03-01', '2026-03-31', '2026-03-31', '2026-04-01']);
  });

  it('has the charges of its days, and the balances around them', async () => {
    await system.query(
      `insert into movement (client, kind, amount, reference, reason, at)
       values ($1, 'recharge', 1000, 'march', null, '2026-03-10 10:00'), ($1, 'correction', -50, 'march', 'frais', '2026-03-11 10:00')`,
      [client],
    );
    await system.query('update account set balance = balance + 950 where client = $1', [client]);
    const made = await invoice(store, head, client, march);
    expect(made).toMatchObject({
      client,
      name: 'Mbalmayo II',
      town: 'Mbalmayo',
      period: march,
      issuer: 'XMServer',
      currency: { code: 'XAF', decimals: 0 },
      balanceBefore: -35n,
      recharged: 1_000n,
      corrected: -50n,
      total: 105n,
      balanceAfter: 810n,
    });
    expect(made.lines).toEqual([
      { day: '2026-03-01', service: 'EXPORT', count: 1, bytes: 600n, amount: 35n },
      { day: '2026-03-31', service: 'EXPORT', count: 2, bytes: 1_200n, amount: 70n },
    ]);
  });

  it('is the same one again, whatever has changed since', async () => {
    const made = await invoice(store, head, client, march);
    await system.query(`update client set nom = 'Autre nom' where matricule = $1`, [client]);
    await writeSettings(system, { serverName: 'Autre centre', currency: 'EUR', currencyDecimals: 2 });
    expect(await invoice(store, head, client, march)).toEqual(made);
    expect(await findInvoice(store, operator(1), made.number)).toEqual(made);
    await writeSettings(system, { serverName: 'XMServer', currency: 'XAF', currencyDecimals: 0 });
    const acts = await system.query(
      `select detail ->> 'invoice' as number from journal where act = 'account-invoice'`,
    );
    expect(acts).toEqual([{ number: `${made.number}` }]);
  });

  it('is numbered after the last one', async () => {
    const made = await invoice(store, head, client, march);
    const april = await invoice(store, head, client, { first: '2026-04-01', last: '2026-04-30' });
    expect(april.number).toBe(made.number + 1);
    expect(april.balanceBefore).toBe(made.balanceAfter);
  });

  it('charges no day twice', async () => {
    for (const period of [
      { first: '2026-03-31', last: '2026-03-31' },
      { first: '2026-01-01', last: '2026-12-31' },
    ]) {
      await expect(invoice(store, head, client, period)).rejects.toMatchObject({
        code: 'invoice-overlap',
        params: { from: '2026-03-01', until: '2026-03-31' },
      });
    }
  });

  it('is made of what is over, and of something', async () => {
    const [today] = await system.query<{ day: string }>('select clock_timestamp()::date::text as day');
    const day = today?.day ?? '';
    await expect(invoice(store, head, client, { first: day, last: day })).rejects.toMatchObject({
      code: 'period-open',
    });
    const empty = { first: '2020-01-01', last: '2020-12-31' };
    await expect(invoice(store, head, client, empty)).rejects.toMatchObject({ code: 'invoice-empty' });
    await expect(invoice(store, head, 999_999, march)).rejects.toMatchObject({ code: 'client-unknown' });
    await expect(invoice(store, operator(1), client, empty)).rejects.toMatchObject({
      code: 'privilege-needed',
    });
    await expect(findInvoice(store, head, 999)).rejects.toMatchObject({ code: 'invoice-unknown' });
    // None of it has taken a number.
    expect((await store.audit()).invoices).toBe(2);
  });

  it.each([
    ['update', 'update invoice set total = 0, balance_after = balance_after + total'],
    ['delete', 'delete from invoice_line'],
    ['truncate', 'truncate invoice, invoice_line'],
    ['change of a line', 'update invoice_line set amount = 1'],
  ])('is not touched by %s', async (_name, statement) => {
    await expect(system.query(statement)).rejects.toThrow('an invoice is never changed');
  });

  it('waits for a charge that is being written, so that none is between two invoices', async () => {
    const other = await newClient();
    await chargedOn(other, ['2026-05-10']);
    const may = { first: '2026-05-01', last: '2026-05-31' };
    let waiting: Promise<unknown> = Promise.resolve();
    await open(system.settings.database).transaction(async connection => {
      await connection.query('select from account where client = $1 for update', [other]);
      waiting = invoice(store, head, other, may);
      await untilBlocked(system);
    });
    expect(await waiting).toMatchObject({ total: 35n });
  });
});

describe('a statement', () => {
  it('has the movements of its days in their order, between two balances', async () => {
    const client = await newClient();
    await chargedOn(client, ['2026-05-31', '2026-06-01', '2026-06-30', '2026-07-01']);
    const june = await statement(store, operator(1), client, { first: '2026-06-01', last: '2026-06-30' });
    expect(june).toMatchObject({ client, balanceBefore: -35n, balanceAfter: -105n });
    expect(june.movements.map(({ kind, service, bytes, amount }) => [kind, service, bytes, amount])).toEqual([
      ['charge', 'EXPORT', 600, -35n],
      ['charge', 'EXPORT', 600, -35n],
    ]);
    const all = await statement(store, operator(1), client, { first: '2020-01-01', last: '2099-12-31' });
    expect([all.balanceBefore, all.balanceAfter]).toEqual([0n, await balanceOf(client)]);
    await expect(statement(store, operator(1), 999_999, june.period)).rejects.toMatchObject({
      code: 'client-unknown',
    });
  });
});

describe('the audit', () => {
  it('finds a balance, and an invoice, that is not the sum of its movements', async () => {
    const books = await clone('XMServerSystem');
    const accounts = new PostgresAccountStore(books);
    await books.query(
      `insert into client (matricule, nom) select i, 'C' || i from generate_series(1, 2500) i`,
    );
    await books.query('insert into account (client) select i from generate_series(1, 2400) i');
    expect(await accounts.audit()).toEqual({ accounts: 2_500, invoices: 0, imbalances: [] });
    await recharge(accounts, head, { client: 2_450, amount: 5n, reference: 'x' });
    await books.query(
      `insert into movement (client, kind, service, message_id, amount, at) values (7, 'charge', 'EXPORT', '\\x01', -35, '2026-03-03')`,
    );
    await books.query('update account set balance = 1 where client = 2400');
    expect((await accounts.audit()).imbalances).toEqual([
      { client: 7, kept: 0n, sum: -35n },
      { client: 2_400, kept: 1n, sum: 0n },
    ]);
    await books.query(
      'update account set balance = case client when 7 then -35 else 0 end where client in (7, 2400)',
    );
    const { number } = await invoice(accounts, head, 7, { first: '2026-03-01', last: '2026-03-31' });
    expect((await accounts.audit()).imbalances).toEqual([]);
    // A clock that was set back has written into a month that was over.
    await books.query(
      `insert into movement (client, kind, service, message_id, amount, at) values (7, 'charge', 'EXPORT', '\\x02', -1, '2026-03-04')`,
    );
    await books.query('update account set balance = -36 where client = 7');
    expect((await accounts.audit()).imbalances).toEqual([
      { client: 7, invoice: number, kept: 35n, sum: 36n },
    ]);
  });
});
