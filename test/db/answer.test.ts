import { beforeEach, describe, expect, it } from 'vitest';
import type { Arrival, DueReceipt, SealedAnswer } from '../../src/core/ports.ts';
import type { FormTable } from '../../src/core/record.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { exportOf, messageId, numeroOf, refusedOf } from './arrivals.ts';
import { clone, open } from './databases.ts';

const database = await clone('XMServerData');
const store = new PostgresDocumentStore(database);
/** Another engine. */
const other = new PostgresDocumentStore(open(database.settings.database));
const births = (await store.tables()).get('Naissance') as FormTable;
const leaseMs = 30_000;

beforeEach(async () => {
  await database.query(
    'truncate xms.due, xms.answer, xms.outgoing, xms.sent, xms.outbox, xms.request, xms.provenance, xms.unbilled, xms.inbox, xms.daily',
  );
});

const births1 = (client: number, count: number): Arrival[] =>
  Array.from({ length: count }, (_, i) => exportOf({ client, table: births, numero: i + 1 }));

/** One SDC for each client, its bytes its receipts' ids. */
async function seal(due: readonly DueReceipt[]): Promise<SealedAnswer[]> {
  return [...Map.groupBy(due, ({ client }) => client)].map(([client, receipts]) => {
    const ids = receipts.map(({ id }) => id);
    return { client, sdc: Buffer.from(`${client}: ${ids.join(' ')}`), receipts: ids };
  });
}

/** Files, seals, takes, and has it all sent; returns what was sent. */
async function send(...arrivals: Arrival[]) {
  await store.file(arrivals);
  await store.sealDue(500, seal);
  const entries = await store.takeOutbox(500, leaseMs);
  await store.markSent(entries.map(({ id }) => id));
  return entries;
}

describe('receipts that are due', () => {
  it('say what became of each message, oldest first', async () => {
    const [filed, refused] = births1(1000, 2) as [Arrival, Arrival];
    const reason = { code: 'table-denied', params: { table: 'Deces' } } as const;
    const [outcome] = await store.file([filed, refusedOf(refused, reason)]);
    await store.sealDue(500, async due => {
      expect(due).toEqual([
        {
          id: expect.any(BigInt),
          client: 1000,
          about: filed.opened?.message.id,
          outcomes: [{ kind: 'filed', numero: numeroOf(outcome) }],
          digest: filed.opened?.digest,
        },
        {
          id: expect.any(BigInt),
          client: 1000,
          about: refused.opened?.message.id,
          outcomes: [{ kind: 'refused', reason }],
        },
      ]);
      return [];
    });
  });

  it('go into the outbox with the SDC that carries them', async () => {
    await store.file([...births1(1000, 3), ...births1(1001, 2)]);
    expect((await store.sealDue(500, seal)).sealed).toBe(5);
    const carried = await database.query(
      `select o.client, o.count, count(*)::int as linked
         from xms.outbox o join xms.answer a on a.outbox = o.id and a.client = o.client group by o.id order by o.client`,
    );
    expect(carried).toEqual([
      { client: 1000, count: 3, linked: 3 },
      { client: 1001, count: 2, linked: 2 },
    ]);
    expect((await store.sealDue(500, seal)).sealed).toBe(0);
  });

  it('come back with the entries that carry them, taken, where a lease is asked for', async () => {
    await store.file(births1(1000, 3));
    const { entries } = await store.sealDue(500, seal, leaseMs);
    expect(entries).toMatchObject([{ client: 1000, count: 3 }]);
    expect(await other.takeOutbox(500, leaseMs)).toEqual([]);
    await store.releaseOutbox(entries.map(({ id }) => id));
    expect(await other.takeOutbox(500, leaseMs)).toEqual(entries);
  });

  it('are taken no more than the limit at a time', async () => {
    await store.file(births1(1000, 5));
    const sealed: number[] = [];
    for (let i = 0; i < 3; i++) sealed.push((await store.sealDue(3, seal)).sealed);
    expect(sealed).toEqual([3, 2, 0]);
  });

  it('are locked against another engine until they are sealed', async () => {
    await store.file(births1(1000, 10));
    const seen: bigint[][] = [];
    const look = async (due: readonly DueReceipt[]) => {
      seen.push(due.map(({ id }) => id));
      return seal(due);
    };
    await store.sealDue(6, async due => {
      await other.sealDue(500, look);
      return look(due);
    });
    expect(seen.map(ids => ids.length)).toEqual([4, 6]);
    expect(new Set(seen.flat()).size).toBe(10);
  });

  it('stay due where sealing fails', async () => {
    await store.file(births1(1000, 2));
    await expect(store.sealDue(500, async () => Promise.reject(new Error('no key')))).rejects.toThrow(
      'no key',
    );
    expect((await store.sealDue(500, seal)).sealed).toBe(2);
  });

  it('stay due where the connection is lost while they are sealed', async () => {
    await store.file(births1(1000, 2));
    const lost = store.sealDue(500, async due => {
      await other.counts(); // opens a connection, which is spared
      await database.query(
        "select pg_terminate_backend(pid, 10000) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()",
      );
      return seal(due);
    });
    await expect(lost).rejects.toMatchObject({ code: 'database-unreachable' });
    expect((await store.sealDue(500, seal)).sealed).toBe(2);
  });

  it('of a client who cannot be answered hold up nobody, and are tried again a minute later', async () => {
    await store.file([...births1(1000, 4), ...births1(1001, 2)]);
    const but1000 = async (due: readonly DueReceipt[]) => seal(due.filter(({ client }) => client !== 1000));
    expect((await store.sealDue(4, but1000)).sealed).toBe(0);
    expect((await store.sealDue(4, but1000)).sealed).toBe(2);
    const [waits] = await database.query(
      `select min(due_at) between now() + interval '50 seconds' and now() + interval '1 minute' as a_minute
         from xms.due`,
    );
    expect(waits).toEqual({ a_minute: true });
    expect((await store.counts()).waiting).toBe(5);
    await database.query("update xms.due set due_at = due_at - interval '1 minute'");
    expect((await store.sealDue(500, seal)).sealed).toBe(4);
  });
});

describe('the receipt of a message that comes again', () => {
  it('is the same bytes', async () => {
    const [arrival] = births1(1000, 1) as [Arrival];
    const [first] = await send(arrival);
    expect(await store.takeOutbox(500, leaseMs)).toEqual([]);
    await store.file([arrival]);
    expect((await store.sealDue(500, seal)).sealed).toBe(0);
    expect(await store.takeOutbox(500, leaseMs)).toEqual([first]);
  });

  it('comes with all the others of its SDC, once', async () => {
    const arrivals = births1(1000, 3);
    const [first] = await send(...arrivals);
    await store.file(arrivals);
    expect(await store.takeOutbox(500, leaseMs)).toEqual([first]);
  });

  it('is not sent twice where the first still waits', async () => {
    const [arrival] = births1(1000, 1) as [Arrival];
    await store.file([arrival]);
    await store.file([arrival]);
    expect((await store.sealDue(500, seal)).sealed).toBe(1);
    await store.file([arrival]);
    const taken = await store.takeOutbox(500, leaseMs);
    expect(taken).toHaveLength(1);
    // In flight, under its lease: it goes out anyway.
    await store.file([arrival]);
    expect(await store.takeOutbox(500, leaseMs)).toEqual([]);
  });

  it('is a new one for a new message about the same record', async () => {
    const options = { client: 1000, table: births, numero: 1, values: { Nom: 'N' } };
    const [first] = await send(exportOf(options));
    const renewed = exportOf({ ...options, id: messageId() });
    const [second] = await send(renewed);
    expect(second?.id).not.toBe(first?.id);
    await store.file([renewed]);
    expect(await store.takeOutbox(500, leaseMs)).toEqual([second]);
  });

  it('is a new one after a refusal', async () => {
    const [arrival] = births1(1000, 1) as [Arrival];
    const refused = refusedOf(arrival, { code: 'client-suspended', params: {} });
    const sent = [await send(refused), await send(refused), await send(arrival)];
    expect(new Set(sent.flat().map(({ id }) => id)).size).toBe(3);
  });
});

describe('the outbox', () => {
  const fill = async (count: number) => {
    await store.file(Array.from({ length: count }, (_, i) => births1(1000 + i, 1)).flat());
    await store.sealDue(500, seal);
  };

  it('gives entries away under a lease, to one engine each', async () => {
    await fill(40);
    const taken = await Promise.all([
      store.takeOutbox(15, leaseMs),
      other.takeOutbox(15, leaseMs),
      store.takeOutbox(15, leaseMs),
      other.takeOutbox(15, leaseMs),
    ]);
    // All forty, and none twice: nobody waits for a row that another holds.
    expect(new Set(taken.flat().map(({ id }) => id)).size).toBe(taken.flat().length);
    const rest = await store.takeOutbox(500, leaseMs);
    expect(taken.flat().length + rest.length).toBe(40);
  });

  it('gives the oldest first', async () => {
    await fill(10);
    const ids = (await store.takeOutbox(4, leaseMs)).map(({ id }) => id);
    const [oldest] = await database.query<{ ids: string }>(
      'select string_agg(id::text, $1 order by id) as ids from (select id from xms.outbox order by id limit 4) o',
      [' '],
    );
    expect(ids.toSorted((a, b) => Number(a - b)).join(' ')).toBe(oldest?.ids);
  });

  it('gives an entry to another when the lease has ended', async () => {
    await fill(1);
    const [entry] = await store.takeOutbox(500, leaseMs);
    expect(await other.takeOutbox(500, leaseMs)).toEqual([]);
    await database.query("update xms.outgoing set leased_until = leased_until - interval '31 seconds'");
    expect(await other.takeOutbox(500, leaseMs)).toEqual([entry]);
  });

  it('takes entries back at once', async () => {
    await fill(2);
    const entries = await store.takeOutbox(500, leaseMs);
    await store.releaseOutbox([entries[0]?.id as bigint]);
    expect(await other.takeOutbox(500, leaseMs)).toEqual([entries[0]]);
  });

  it('gives no more what was sent, and counts it once', async () => {
    await fill(3);
    const ids = (await store.takeOutbox(500, leaseMs)).map(({ id }) => id);
    await store.markSent(ids);
    await other.markSent(ids);
    await store.releaseOutbox(ids);
    expect(await store.takeOutbox(500, leaseMs)).toEqual([]);
    const { today, waiting } = await store.counts();
    expect([today.sent, waiting]).toEqual([3, 0]);
  });

  it('tells what waits: receipts to seal and SDCs to send', async () => {
    await fill(2);
    await store.file(births1(2000, 3));
    expect((await store.counts()).waiting).toBe(5);
  });
});

describe('the newest events', () => {
  it('are attempts and answers together, oldest first', async () => {
    const [filed, refused] = births1(1000, 2) as [Arrival, Arrival];
    const reason = { code: 'column-missing', params: { column: 'Sexe' } } as const;
    await send(filed, refusedOf(refused, reason));
    const events = await store.recentEvents(10);
    const about = { client: 1000, service: 'EXPORT', table: 'Naissance' };
    expect(events).toMatchObject([
      { kind: 'filed', ...about, bytes: filed.sdc.length },
      { kind: 'refused', ...about, reason, bytes: refused.sdc.length },
      { kind: 'receipts', client: 1000, count: 2 },
    ]);
    expect(await store.recentEvents(1)).toEqual(events.slice(-1));
  });

  it('show an answer that was sent again as new', async () => {
    const arrivals = births1(1000, 1);
    const [old] = await send(...arrivals);
    await send(...births1(1001, 1));
    await store.file(arrivals);
    await store.takeOutbox(500, leaseMs);
    await store.markSent([old?.id as bigint]);
    expect(await store.recentEvents(1)).toMatchObject([{ kind: 'receipts', client: 1000 }]);
  });
});

describe('what is old', () => {
  const [attemptDays, answerDays] = [400, 180];
  const forgetful = new PostgresDocumentStore(database, async () => ({ attemptDays, answerDays }));
  const age = (table: string, column: string, days: number) =>
    database.query(`update xms.${table} set ${column} = ${column} - $1 * interval '1 day'`, [days]);
  const countOf = async (table: string) =>
    (await database.query<{ n: number }>(`select count(*)::int as n from xms.${table}`))[0]?.n;

  it('goes: attempts and answers, each after its time; records and their proof stay', async () => {
    await send(...births1(1000, 3));
    await database.query(
      `update xms.inbox i set at = now() - (398 + o.row) * interval '1 day'
         from (select id, row_number() over (order by id desc) as row from xms.inbox) o where o.id = i.id`,
    );
    await forgetful.purge();
    expect(await countOf('inbox')).toBe(1);
    const answers = ['outbox', 'sent', 'answer', 'provenance'] as const;
    expect(await Promise.all(answers.map(countOf))).toEqual([1, 1, 3, 3]);
    await age('outbox', 'created_at', 181);
    await age('sent', 'at', 181);
    await forgetful.purge();
    expect(await Promise.all(answers.map(countOf))).toEqual([0, 0, 0, 3]);
  });

  it('goes: the key of a letter, with the last of its SDC, and not before', async () => {
    const letter = { key: 'notice 1', client: 1000, sdc: Buffer.from('sealed') };
    await store.post([letter]);
    await age('letter', 'posted_at', 179);
    await forgetful.purge();
    await store.post([letter]);
    expect([await countOf('letter'), await countOf('outbox')]).toEqual([1, 1]);
    await age('letter', 'posted_at', 2);
    await forgetful.purge();
    expect(await countOf('letter')).toBe(0);
  });

  it('stays where nothing is said of it', async () => {
    await send(...births1(1000, 1));
    await age('outbox', 'created_at', 1_000);
    await age('inbox', 'at', 1_000);
    expect(await store.purge()).toBe(false);
    expect([await countOf('outbox'), await countOf('inbox')]).toEqual([1, 1]);
  });

  it('gets, when the message comes again, a new receipt with the same proof', async () => {
    const [arrival] = births1(1000, 1) as [Arrival];
    const [outcome] = await store.file([arrival]);
    await send();
    await age('outbox', 'created_at', 181);
    await forgetful.purge();
    await store.file([arrival, arrival]);
    await store.sealDue(500, async due => {
      expect(due).toMatchObject([
        {
          client: 1000,
          about: arrival.opened?.message.id,
          outcomes: [{ kind: 'filed', numero: numeroOf(outcome) }],
          digest: arrival.opened?.digest,
        },
      ]);
      return seal(due);
    });
  });

  it('waits where it is to be sent again, and holds up no other', async () => {
    const [first, second] = births1(1000, 2) as [Arrival, Arrival];
    await send(first);
    await send(second);
    await age('outbox', 'created_at', 181);
    await store.file([first]);
    await forgetful.purge();
    expect(await store.takeOutbox(500, leaseMs)).toHaveLength(1);
    expect(await countOf('outbox')).toBe(1);
  });

  it('goes in portions, and tells when there is more', async () => {
    await database.query(
      `insert into xms.outbox (client, sdc, count, created_at)
       select 1000, '', 1, now() - interval '181 days' from generate_series(1, 2500)`,
    );
    expect([await forgetful.purge(), await countOf('outbox')]).toEqual([true, 500]);
    expect([await forgetful.purge(), await countOf('outbox')]).toEqual([false, 0]);
  });
});
