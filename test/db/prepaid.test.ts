/** Reading is paid once, and never by more than one has, whoever asks at the same moment. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Price } from '../../src/core/service-ports.ts';
import { affordable, prepay } from '../../src/db/system/prepaid.ts';
import { messageId } from './arrivals.ts';
import { clone, open } from './databases.ts';

const system = await clone('XMServerSystem');
/** Another engine's pool. */
const other = open(system.settings.database);
await system.query(`update tariff set per_act = 10, per_kilobyte = 1 where service = 'IMPORT'`);

let client = 0;
beforeEach(async () => {
  const [row] = await system.query<{ matricule: number }>(
    `insert into client (nom) values ('Centre') returning matricule`,
  );
  client = row?.matricule ?? 0;
  await system.query(`insert into account (client, balance) values ($1, 110)`, [client]);
  await system.query(
    `insert into movement (client, kind, amount, reference) values ($1, 'recharge', 110, gen_random_uuid())`,
    [client],
  );
});

const price = (change: Partial<Price> = {}): Price => ({
  client,
  messageId: messageId(),
  service: 'IMPORT',
  askedAt: Date.now(),
  records: 1,
  bytes: 1024,
  ...change,
});

async function account() {
  const [row] = await system.query<{ balance: bigint; sum: bigint; charges: bigint; read: number | null }>(
    `select balance, (select sum(amount)::int8 from movement m where m.client = a.client) as sum,
            (select count(*) from movement m where m.client = a.client and kind = 'charge') as charges,
            (select count from reading r where r.client = a.client and day = current_date) as read
       from account a where client = $1`,
    [client],
  );
  expect(row?.sum).toBe(row?.balance);
  return { balance: Number(row?.balance), charges: Number(row?.charges), read: row?.read ?? 0 };
}

describe('paying before reading', () => {
  it('at once, by two engines: as far as the account goes', async () => {
    const tries = Array.from({ length: 16 }, (_, i) => prepay(i % 2 === 0 ? system : other, price()));
    const results = await Promise.allSettled(tries);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'account-empty' });
    }
    expect(await account()).toEqual({ balance: 0, charges: 10, read: 10 });
  });

  it('the same message, at once and later: once, also when the account is empty by then', async () => {
    const same = price({ records: 10, bytes: 10_000 });
    await Promise.all(Array.from({ length: 6 }, (_, i) => prepay(i % 2 === 0 ? system : other, same)));
    expect(await account()).toEqual({ balance: 0, charges: 1, read: 10 });
    await prepay(system, same);
    await prepay(system, { ...same, records: 500 });
    expect(await account()).toEqual({ balance: 0, charges: 1, read: 10 });
  });

  it('what was paid long ago under the same id, or for another service, pays for nothing', async () => {
    const id = messageId();
    await system.query(
      `insert into movement (client, kind, service, message_id, amount, at)
       values ($1, 'charge', 'IMPORT', $2, 0, now() - interval '181 days')`,
      [client, id],
    );
    const reused = { code: 'message-id-reused' };
    await expect(prepay(system, price({ messageId: id }))).rejects.toMatchObject(reused);
    const recent = price();
    await prepay(system, recent);
    await expect(prepay(system, { ...recent, service: 'CERTIFY' })).rejects.toMatchObject(reused);
    expect(await account()).toMatchObject({ charges: 2, read: 1 });
  });

  it('a kilobyte that has begun counts whole; what is refused is neither charged nor counted', async () => {
    await prepay(system, price({ bytes: 1025 }));
    expect(await account()).toEqual({ balance: 98, charges: 1, read: 1 });
    await expect(prepay(system, price({ bytes: 91_000 }))).rejects.toMatchObject({
      code: 'account-empty',
      params: { needed: 99, balance: 98 },
    });
    expect(await account()).toEqual({ balance: 98, charges: 1, read: 1 });
  });

  it('more than there is room for: nothing is charged, and told is how many are worth another try', async () => {
    expect(await affordable(system, price())).toBe(10);
    expect(await prepay(system, price({ records: 20, bytes: 20 * 1024 }))).toBe(10);
    await system.query('update client set reads_per_day = 3 where matricule = $1', [client]);
    expect(await affordable(system, price())).toBe(3);
    expect(await prepay(system, price({ records: 5 }))).toBe(3);
    expect(await account()).toEqual({ balance: 110, charges: 0, read: 0 });
    const three = price({ records: 3, bytes: 3 * 1024 });
    expect(await prepay(system, three)).toBe(3);
    expect(await affordable(system, three)).toBe(3);
    await expect(affordable(system, price())).rejects.toMatchObject({ code: 'quota-reached' });
    await system.query('update client set reads_per_day = null where matricule = $1', [client]);
    // Of any size: one of 16 KB would cost 26.
    expect(await affordable(system, price())).toBe(7);
    await prepay(system, price({ records: 6 }));
    await expect(affordable(system, price())).rejects.toMatchObject({
      code: 'account-empty',
      params: { needed: 26, balance: 16 },
    });
  });

  it('by several at once, each as far as there is room', async () => {
    const tries = Array.from({ length: 8 }, async (_, i) => {
      const database = i % 2 === 0 ? system : other;
      const one = price();
      let most = await affordable(database, one);
      for (;;) {
        const paid = await prepay(database, { ...one, records: most, bytes: most * 1024 });
        if (paid === most) return paid;
        most = paid;
      }
    });
    const results = await Promise.allSettled(tries);
    const paid = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
    expect(paid.reduce((sum, one) => sum + one, 0)).toBe(10);
    expect(await account()).toEqual({ balance: 0, charges: paid.length, read: 10 });
  });

  it('the day before does not count', async () => {
    await system.query('update client set reads_per_day = 3 where matricule = $1', [client]);
    await system.query(`insert into reading (client, day, count) values ($1, current_date - 1, 3)`, [client]);
    await prepay(system, price({ records: 3 }));
    await expect(prepay(system, price())).rejects.toMatchObject({
      code: 'quota-reached',
      params: { limit: 3 },
    });
    expect(await account()).toMatchObject({ charges: 1, read: 3 });
  });

  it('a tariff of later is not in force', async () => {
    await system.query(`update tariff set valid_from = now() + interval '1 day' where service = 'CERTIFY'`);
    await system.query(`update tariff set per_act = 99 where service = 'CERTIFY'`);
    await prepay(system, price({ service: 'CERTIFY' }));
    expect(await account()).toMatchObject({ balance: 110, charges: 1 });
  });
});
