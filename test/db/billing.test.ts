import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Charge } from '../../src/core/ports.ts';
import type { FormTable } from '../../src/core/record.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { createClient } from '../../src/db/system/directory.ts';
import { charge } from '../../src/db/system/ledger.ts';
import { exportOf, messageId } from './arrivals.ts';
import { clone, open, untilBlocked } from './databases.ts';

const system = await clone('XMServerSystem');
const otherEngine = open(system.settings.database);
const store = new PostgresDocumentStore(await clone('XMServerData'));
const births = (await store.tables()).get('Naissance') as FormTable;

const newClient = () => createClient(system, { nom: 'Mbalmayo', ville: '', telephone: '', status: 3 });

const chargeOf = (client: number, bytes = 600): Charge => ({
  client,
  messageId: messageId(),
  index: 0,
  service: 'EXPORT',
  records: 1,
  bytes,
});

async function setTariff(perAct: number, perKilobyte: number): Promise<void> {
  await system.query('update tariff set per_act = $1, per_kilobyte = $2', [perAct, perKilobyte]);
}

/** Balance, sum and number of the movements of a client. */
async function account(client: number) {
  const [row] = await system.query<{ balance: bigint; sum: bigint; count: number }>(
    `select a.balance, coalesce(sum(m.amount), 0)::bigint as sum, count(m.id)::int as count
       from account a left join movement m using (client) where client = $1 group by a.client`,
    [client],
  );
  return row;
}

describe('what is filed and not billed', () => {
  it('is told until it is marked, in the order of the key', async () => {
    const arrivals = [2, 1, 3].map(i => exportOf({ client: 1000 + i, table: births, numero: 1 }));
    await store.file(arrivals);
    const charges = await store.unbilled(10);
    expect(charges.map(({ client, service, bytes }) => ({ client, service, bytes }))).toEqual(
      [1, 0, 2].map(i => ({
        client: arrivals[i]?.client,
        service: 'EXPORT',
        bytes: arrivals[i]?.sdc.length,
      })),
    );
    expect(await store.unbilled(10)).toEqual(charges);
    expect(await store.unbilled(2)).toEqual(charges.slice(0, 2));
    await store.markBilled(charges.slice(0, 2));
    expect(await store.unbilled(10)).toEqual(charges.slice(2));
    await store.markBilled(charges);
    expect(await store.unbilled(10)).toEqual([]);
  });
});

describe('a charge', () => {
  beforeEach(() => setTariff(25, 10));

  it('is an amount per act and per kilobyte that has begun', async () => {
    const client = await newClient();
    await charge(system, [chargeOf(client, 1), chargeOf(client, 1024), chargeOf(client, 1025)]);
    expect(await account(client)).toEqual({ balance: -115n, sum: -115n, count: 3 });
  });

  it('names its message and its service', async () => {
    const client = await newClient();
    const one = chargeOf(client);
    await charge(system, [one]);
    const rows = await system.query(
      'select kind, service, message_id, amount from movement where client = $1',
      [client],
    );
    expect(rows).toEqual([{ kind: 'charge', service: 'EXPORT', message_id: one.messageId, amount: -35n }]);
  });

  it('is made once, in one batch or many, at the tariff of then', async () => {
    const client = await newClient();
    const one = chargeOf(client);
    await charge(system, [one, one]);
    await setTariff(1_000, 0);
    await charge(system, [one]);
    await charge(system, [one, chargeOf(client)]);
    expect(await account(client)).toEqual({ balance: -1035n, sum: -1035n, count: 2 });
  });

  it('of a service without a tariff is written as nothing', async () => {
    const client = await newClient();
    await charge(system, [{ ...chargeOf(client), service: 'RECEIPT' }]);
    expect(await account(client)).toEqual({ balance: 0n, sum: 0n, count: 1 });
  });

  it('opens the account that a client lacks', async () => {
    const client = await newClient();
    await system.query('delete from account where client = $1', [client]);
    await charge(system, [chargeOf(client)]);
    expect(await account(client)).toEqual({ balance: -35n, sum: -35n, count: 1 });
  });

  it('of a client who does not exist is told in the journal, and holds up no other', async () => {
    const client = await newClient();
    await charge(system, [chargeOf(999_999), chargeOf(client)]);
    expect((await account(client))?.count).toBe(1);
    const journal = await system.query("select detail from journal where act = 'charge-without-client'");
    expect(journal).toEqual([{ detail: { clients: [999_999] } }]);
  });

  it('leaves every balance the sum of its movements, whatever engines charge what at once', async () => {
    const clients = await Promise.all([newClient(), newClient(), newClient()]);
    const known = clients.flatMap(client =>
      Array.from({ length: 12 }, (_, i) => chargeOf(client, 100 + 400 * i)),
    );
    const batch = fc.array(fc.constantFrom(...known), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { minLength: 2, maxLength: 5 }), async batches => {
        await Promise.all(batches.map((charges, i) => charge(i % 2 ? system : otherEngine, charges)));
        for (const client of clients) {
          const { balance, sum } = (await account(client)) ?? {};
          expect(balance).toBe(sum);
        }
      }),
      { numRuns: 25 },
    );
    const counts = await Promise.all(clients.map(client => account(client)));
    expect(counts.every(row => row !== undefined && row.count > 0 && row.count <= 12)).toBe(true);
  });
});

describe('a message with several records', () => {
  beforeEach(() => setTariff(25, 10));

  it('is charged record by record, each of them once', async () => {
    const client = await newClient();
    const one = chargeOf(client, 100);
    const charges = [0, 1, 2].map(index => ({ ...one, index }));
    await charge(system, charges.slice(0, 2));
    await charge(system, charges);
    expect(await account(client)).toEqual({ balance: -105n, sum: -105n, count: 3 });
  });

  it('that answers a question is charged by the records in it', async () => {
    const client = await newClient();
    await charge(system, [{ ...chargeOf(client, 2_000), records: 38 }]);
    expect(await account(client)).toMatchObject({ balance: -970n, count: 1 });
  });
});

describe('an account', () => {
  it('is needed for a movement, whoever writes it', async () => {
    const insert = 'insert into movement (client, kind, amount) select c, $1, 5 from unnest($2::int[]) c';
    await expect(system.query(insert, ['charge', [await newClient(), 999_998]])).rejects.toMatchObject({
      code: '23503',
    });
  });

  it.each([
    ['taken away', 'delete from account where client = $1'],
    ["made another's", 'update account set client = 999997 where client = $1'],
    ['left by its client', 'delete from client where matricule = $1'],
  ])('with movements cannot be %s', async (_what, statement) => {
    const client = await newClient();
    await charge(system, [chargeOf(client)]);
    await expect(system.query(statement, [client])).rejects.toMatchObject({ code: '23503' });
    expect((await account(client))?.count).toBe(1);
  });

  it('cannot go while its first movement is being written', async () => {
    const client = await newClient();
    const gone = await system.transaction(async connection => {
      await connection.query(`insert into movement (client, kind, amount) values ($1, 'charge', -5)`, [
        client,
      ]);
      const deleting = otherEngine.query('delete from account where client = $1', [client]);
      deleting.catch(() => undefined);
      await untilBlocked(system);
      return { deleting };
    });
    await expect(gone.deleting).rejects.toMatchObject({ code: '23503' });
  });

  it('that goes first takes no movement any more', async () => {
    const client = await newClient();
    const written = await system.transaction(async connection => {
      await connection.query('delete from account where client = $1', [client]);
      const writing = otherEngine.query(
        `insert into movement (client, kind, amount) values ($1, 'charge', -5)`,
        [client],
      );
      writing.catch(() => undefined);
      await untilBlocked(system);
      return { writing };
    });
    await expect(written.writing).rejects.toMatchObject({ code: '23503' });
  });

  it('cannot go with all others', async () => {
    await expect(system.query('truncate account')).rejects.toThrow('accounts with movements stay');
  });
});

describe('a movement', () => {
  it.each([
    ['update', 'update movement set amount = 0'],
    ['delete', 'delete from movement'],
    ['truncate', 'truncate movement'],
  ])('cannot be touched by %s', async (_name, statement) => {
    const client = await newClient();
    await charge(system, [chargeOf(client)]);
    await expect(system.query(statement)).rejects.toThrow('a movement is never changed');
    expect((await account(client))?.count).toBe(1);
  });
});
