import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Directory } from '../../src/core/engine/directory.ts';
import { Outbox } from '../../src/core/engine/outbox.ts';
import { XmError } from '../../src/core/errors.ts';
import { hex } from '../../src/core/message.ts';
import type { ClientAccess, Sealer, SystemStore } from '../../src/core/ports.ts';
import type { FormTable } from '../../src/core/record.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { batchOf, exportOf } from './arrivals.ts';
import { clone } from './databases.ts';

const database = await clone('XMServerData');
const store = new PostgresDocumentStore(database);
const births = (await store.tables()).get('Naissance') as FormTable;
let outbox: Outbox | undefined;

beforeEach(async () => {
  await database.query(
    'truncate xms.due, xms.answer, xms.outgoing, xms.sent, xms.outbox, xms.provenance, xms.unbilled, xms.inbox',
  );
});
afterEach(() => outbox?.stop());

const accessOf = (matricule: number): ClientAccess => ({
  matricule,
  name: `Centre ${matricule}`,
  status: 2,
  recipient: { keyId: Buffer.from([matricule >> 8, matricule & 255]), spki: Buffer.alloc(1) },
  writes: new Set(),
  reads: new Set(),
  batch: true,
  hasInitialPassword: false,
});

interface Faults {
  /** Whose key cannot be used. */
  readonly brokenKey?: number;
  /** Messages after which the link is lost. */
  readonly linkLimit?: number;
  /** What the broker's acknowledgements wait for. */
  readonly acknowledged?: Promise<void>;
  readonly markSent?: typeof store.markSent;
}

/** An outbox on the database. */
function make({ brokenKey = 0, linkLimit = Number.POSITIVE_INFINITY, acknowledged, markSent }: Faults) {
  const published: string[] = [];
  const troubles: unknown[] = [];
  const log: string[] = [];
  const onPublished = Promise.withResolvers<void>();
  const sealer: Sealer = {
    async seal(messages) {
      const broken = hex(accessOf(brokenKey).recipient.keyId);
      if (messages.some(({ recipient }) => hex(recipient.keyId) === broken)) throw new Error('no such curve');
      return messages.map(({ message }) => ({
        sdc: Buffer.from(message.service === 'RECEIPT' ? `${message.receipts.length} receipts` : ''),
        digest: Buffer.alloc(32),
      }));
    },
  };
  const system = {
    signers: async () => [],
    clients: async (matricules: readonly number[]) => matricules.map(accessOf),
    onDirectoryChange: () => undefined,
  };
  outbox = new Outbox({
    clock: Date,
    documents: {
      sealDue: (limit, work, leaseMs) => store.sealDue(limit, work, leaseMs),
      takeOutbox: (limit, leaseMs) => store.takeOutbox(limit, leaseMs),
      markSent: markSent ?? (ids => store.markSent(ids)),
      releaseOutbox: ids => store.releaseOutbox(ids),
    },
    directory: new Directory(
      system as Pick<SystemStore, 'signers' | 'clients' | 'onDirectoryChange'> as SystemStore,
    ),
    sealer,
    link: () => ({
      async publish(topic, payload) {
        if (published.length >= linkLimit) throw new XmError('link-closed');
        published.push(`${topic} ${Buffer.from(payload).toString()}`);
        onPublished.resolve();
        await acknowledged;
      },
    }),
    isBehind: () => false,
    onSent: () => undefined,
    onTrouble: error => void (error !== undefined && troubles.push(error)),
    log: line => log.push(line),
  });
  return { outbox, published, troubles, log, onPublished: onPublished.promise };
}

function start(faults: Faults) {
  const made = make(faults);
  return { ...made, settled: made.outbox.drain() };
}

async function waiting() {
  const [row] = await database.query(
    'select (select count(*)::int from xms.due) as due, (select count(*)::int from xms.outgoing) as outgoing',
  );
  return row;
}

const of = (client: number, count: number) =>
  Array.from({ length: count }, (_, i) => exportOf({ client, table: births, numero: i + 1 }));

describe('the outbox of an engine', () => {
  it('sends what it has sealed without taking it a second time, those of one client together', async () => {
    await store.file([...of(1001, 3), ...of(1002, 2)]);
    const { published, settled } = start({});
    await settled;
    expect(published.toSorted()).toEqual(['xms/d/1001 3 receipts', 'xms/d/1002 2 receipts']);
    const { today, waiting } = await store.counts();
    expect([today.sent, waiting]).toEqual([2, 0]);
  });

  it('leaves out the client whose key cannot be used, and no other', async () => {
    await store.file([1001, 1002, 1003, 1004, 1005].flatMap(client => of(client, 2)));
    const { published, troubles, log, settled } = start({ brokenKey: 1003 });
    await settled;
    expect(published.map(line => line.slice(6, 10)).sort()).toEqual(['1001', '1002', '1004', '1005']);
    expect(log).toEqual([expect.stringContaining('client 1003 cannot be answered')]);
    expect(troubles).toEqual([]);
    expect((await store.counts()).waiting).toBe(2);
  });

  it('lets that client wait, where he is the only one, too', async () => {
    await store.file(of(1003, 2));
    const { log, troubles, settled } = start({ brokenKey: 1003 });
    await settled;
    expect([log.length, troubles]).toEqual([1, []]);
    const [row] = await database.query('select min(due_at) > now() as later from xms.due');
    expect(row).toEqual({ later: true });
  });

  it('gives back what the lost link did not take, and what it had not come to', async () => {
    await store.file(Array.from({ length: 450 }, (_, i) => of(1 + i, 1)).flat());
    const { published, settled } = start({ linkLimit: 210 });
    await settled;
    expect(published).toHaveLength(210);
    await outbox?.stop();
    const [row] = await database.query(
      'select count(*)::int as waiting, count(leased_until)::int as leased from xms.outgoing',
    );
    expect(row).toEqual({ waiting: 240, leased: 0 });
  });

  it('seals the next while the broker has not acknowledged the first', async () => {
    const broker = Promise.withResolvers<void>();
    await store.file(of(1001, 1));
    const { outbox: own, published, onPublished } = make({ acknowledged: broker.promise });
    own.start();
    await onPublished;
    await store.file(of(1002, 1));
    own.wakeForReceipts();
    await expect.poll(waiting).toEqual({ due: 0, outgoing: 2 });
    expect(published).toEqual(['xms/d/1001 1 receipts']);
    broker.resolve();
    await expect.poll(waiting).toEqual({ due: 0, outgoing: 0 });
    expect(published).toEqual(['xms/d/1001 1 receipts', 'xms/d/1002 1 receipts']);
  });

  it('gives back what it has sealed when it cannot write down what it has sent', async () => {
    const broker = Promise.withResolvers<void>();
    const fault = new Error('the database is away');
    let attempts = 0;
    await store.file(of(1001, 1));
    const {
      outbox: own,
      published,
      troubles,
      onPublished,
    } = make({
      acknowledged: broker.promise,
      markSent: ids => (attempts++ === 0 ? Promise.reject(fault) : store.markSent(ids)),
    });
    own.start();
    await onPublished;
    await store.file(of(1002, 1));
    own.wakeForReceipts();
    await expect.poll(waiting).toEqual({ due: 0, outgoing: 2 });
    broker.resolve();
    await expect.poll(waiting).toEqual({ due: 0, outgoing: 0 });
    expect(published).toEqual(['xms/d/1001 1 receipts', 'xms/d/1002 1 receipts']);
    expect(troubles).toEqual([fault]);
  });

  it('gives back what it had not come to when it cannot write down what it has sent', async () => {
    let attempts = 0;
    await store.file(Array.from({ length: 450 }, (_, i) => of(1 + i, 1)).flat());
    const { outbox: own, published } = make({
      markSent: ids => (attempts++ === 0 ? Promise.reject(new Error('away')) : store.markSent(ids)),
    });
    own.start();
    await expect.poll(waiting, { timeout: 15_000 }).toEqual({ due: 0, outgoing: 0 });
    expect([published.length, new Set(published).size]).toEqual([450, 450]);
  });

  it('puts no more outcomes into one SDC than every receiver accepts', async () => {
    const large = batchOf(of(1001, 180));
    const others = Array.from({ length: 90 }, (_, i) =>
      exportOf({ client: 1001, table: births, numero: 1_000 + i }),
    );
    await store.file([large, ...others.slice(0, 40), batchOf(others.slice(40, 60)), ...others.slice(60)]);
    const { published, settled } = start({});
    await settled;
    expect(published).toEqual(['xms/d/1001 1 receipts', 'xms/d/1001 71 receipts']);
  });
});
