import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer, Outcome, Receipt } from '../../src/core/message.ts';
import { sdcHash } from '../../src/core/receipt.ts';
import type { FormTable } from '../../src/core/record.ts';
import type { CollectedRecord, KeptSdc } from '../../src/core/station-ports.ts';
import { quoted } from '../../src/db/database.ts';
import { migrate, migrationsOf } from '../../src/db/migrate.ts';
import { PostgresStationStore } from '../../src/db/station-store.ts';
import { messageId } from './arrivals.ts';
import { clone, freshName, open } from './databases.ts';

const database = await clone('ECRData');
const store = new PostgresStationStore(database);
/** Another process of the same office. */
const other = new PostgresStationStore(open(database.settings.database));
const births = (await store.tables()).get('Naissance') as FormTable;
const at = 1_700_000_000_000;
const now = at + 60_000;

beforeEach(async () => {
  await database.query('truncate xms.kept, xms.asked, xms.received, "Naissance", "Deces" restart identity');
});

/** Writes births of these Statuses, Numero 1 and on. */
async function write(...statuses: number[]): Promise<void> {
  await database.query(
    `insert into "Naissance" ("Status", "Nom") select s, 'N' || i from unnest($1::int[]) with ordinality k (s, i)`,
    [statuses],
  );
}

const seal = async (records: readonly CollectedRecord[]): Promise<KeptSdc[]> =>
  records.map(({ numero }) => ({
    messageId: messageId(),
    table: 'Naissance',
    numeros: [numero],
    sdc: randomBytes(40),
    digest: randomBytes(32),
  }));

const statuses = async () =>
  (await database.query<{ Status: number }>('select "Status" from "Naissance" order by "Numero"')).map(
    ({ Status }) => Status,
  );
const numeros = (kept: readonly (KeptSdc | CollectedRecord)[]) =>
  kept.flatMap(one => ('numeros' in one ? one.numeros : [one.numero]));
const filed = (kept: KeptSdc | undefined, numero = 77n): Receipt => ({
  about: kept?.messageId ?? Buffer.alloc(8),
  outcomes: [{ kind: 'filed', numero }],
});
type Reason = NonNullable<Extract<Outcome, { kind: 'refused' }>['reason']>;
const refused = (kept: KeptSdc | undefined, reason?: Reason): Receipt => ({
  about: kept?.messageId ?? Buffer.alloc(8),
  outcomes: [{ kind: 'refused', ...(reason ? { reason } : {}) }],
});
/** How many of the records were filed and how many refused, by what the store says it has changed. */
const apply = async (receipts: readonly Receipt[], signed: Uint8Array, at: number, by = store) => {
  const settled = await by.applyReceipts(receipts, signed, at);
  const count = (outcome: string) => settled.filter(one => one.outcome === outcome).length;
  return { filed: count('filed'), refused: count('refused') };
};

describe('collecting', () => {
  it('takes the rows of a Status, oldest first, and marks them 3', async () => {
    await write(1, 2, 2, 4, 2);
    const kept = await store.collect(births, 2, 2, async records => {
      expect(numeros(records)).toEqual([2n, 3n]);
      expect(records[0]?.record.get('Nom')).toBe('N2');
      expect(records[0]?.record.get('Status')).toBe(2);
      expect([...(records[0]?.record.keys() ?? [])]).toEqual(births.columns.map(({ name }) => name));
      return seal(records);
    });
    expect(numeros(kept)).toEqual([2n, 3n]);
    expect(await statuses()).toEqual([1, 3, 3, 4, 2]);
    expect(await store.waiting({ limit: 10, sentBefore: at, now })).toEqual(kept);
  });

  it('takes of Status 0 what was filed and not cancelled yet, and leaves it at 0', async () => {
    await write(2, 2, 2, 0);
    const [first, second, third] = await store.collect(births, 2, 10, seal);
    await apply([filed(first), refused(second)], Buffer.from('r'), at);
    await database.query('update "Naissance" set "Status" = 0');
    const cancelling = async (records: readonly CollectedRecord[]) =>
      (await seal(records)).map(one => ({ ...one, cancels: true }));
    const cancelled = await store.collect(births, 0, 10, cancelling);
    expect(numeros(cancelled)).toEqual([1n]);
    expect(await statuses()).toEqual([0, 0, 0, 0]);
    // Its receipt was on the way.
    await apply([filed(third)], Buffer.from('r'), at);
    expect(await statuses()).toEqual([0, 0, 0, 0]);
    expect(numeros(await store.collect(births, 0, 10, cancelling))).toEqual([3n]);
    expect(await store.collect(births, 0, 10, cancelling)).toEqual([]);
    expect(await store.waiting({ limit: 10, sentBefore: at, now })).toContainEqual(cancelled[0]);
    await apply(
      cancelled.map(one => filed(one)),
      Buffer.from('r'),
      at,
    );
    expect(await store.collect(births, 0, 10, cancelling)).toEqual([]);
    expect(await statuses()).toEqual([0, 0, 0, 0]);
  });

  it('stores what is sealed and marks that alone', async () => {
    await write(2, 2, 2);
    const kept = await store.collect(births, 2, 10, records => seal(records.slice(1, 2)));
    expect(numeros(kept)).toEqual([2n]);
    expect(await statuses()).toEqual([2, 3, 2]);
    expect(await store.collect(births, 2, 10, async () => [])).toEqual([]);
    expect(await statuses()).toEqual([2, 3, 2]);
  });

  it('does not seal where nothing is left', async () => {
    await write(1, 3);
    const never = () => Promise.reject(new Error('sealed'));
    expect(await store.collect(births, 2, 10, never)).toEqual([]);
  });

  it('changes nothing where sealing fails', async () => {
    await write(2);
    await expect(store.collect(births, 2, 10, () => Promise.reject(new Error('no key')))).rejects.toThrow(
      'no key',
    );
    expect(await statuses()).toEqual([2]);
    expect(await store.waiting({ limit: 10, sentBefore: at, now })).toEqual([]);
  });

  it('passes over rows that somebody else works at', async () => {
    await write(2, 2, 2, 2);
    const seen: bigint[][] = [];
    await store.collect(births, 2, 2, async records => {
      seen.push(numeros(records), numeros(await other.collect(births, 2, 10, seal)));
      return seal(records);
    });
    expect(seen).toEqual([
      [1n, 2n],
      [3n, 4n],
    ]);
    expect(await statuses()).toEqual([3, 3, 3, 3]);
  });

  it('reads values as they are, whatever the settings of the database', async () => {
    const name = `Relevé d"été`;
    await database.query(
      `create table ${quoted(name)} ("Numero" bigint, "Status" smallint, "Jour" date, "Octets" bytea, "Mesure" float8,
         "__proto__" text, "select" text)`,
    );
    await database.query(
      `insert into ${quoted(name)} values (9007199254740993, 2, '2024-02-29', '\\x00ff', 0.1, 'p', 's')`,
    );
    const table = (await store.tables()).get(name) as FormTable;
    const own = database.settings.database;
    for (const setting of [`datestyle = 'SQL, DMY'`, `bytea_output = 'escape'`, 'extra_float_digits = -5']) {
      await database.query(`alter database ${own} set ${setting}`);
    }
    const foreign = new PostgresStationStore(open(own));
    await foreign.collect(table, 2, 1, async ([first]) => {
      expect(
        Object.fromEntries([...(first?.record ?? [])].map(([key, value]) => [`${key}:`, value])),
      ).toMatchObject({
        'Numero:': 9007199254740993n,
        'Jour:': { days: 19_782 },
        'Octets:': Buffer.from([0, 255]),
        'Mesure:': 0.1,
        '__proto__:': 'p',
        'select:': 's',
      });
      return [];
    });
    for (const setting of ['datestyle', 'bytea_output', 'extra_float_digits']) {
      await database.query(`alter database ${own} reset ${setting}`);
    }
  });
});

describe('what waits', () => {
  it('is what was never sent, or not since then, oldest first', async () => {
    await write(2, 2, 2);
    const kept = [
      ...(await store.collect(births, 2, 1, seal)),
      ...(await store.collect(births, 2, 1, seal)),
      ...(await store.collect(births, 2, 1, seal)),
    ];
    const [first, second, third] = kept as [KeptSdc, KeptSdc, KeptSdc];
    await store.markSent([first.messageId], at);
    await store.markSent([second.messageId], at + 1000);
    expect(await store.waiting({ limit: 10, sentBefore: at, now })).toEqual([third]);
    expect(await store.waiting({ limit: 10, sentBefore: at + 1, now })).toEqual([first, third]);
    expect(await store.waiting({ limit: 2, sentBefore: at + 5000, now })).toEqual([first, second]);
    await store.markSent([first.messageId], at + 2000);
    const attempts = await database.query('select attempts from xms.kept order by sealed_at');
    expect(attempts).toEqual([{ attempts: 2 }, { attempts: 1 }, { attempts: 0 }]);
  });
});

describe('a receipt', () => {
  let kept: KeptSdc[];
  beforeEach(async () => {
    await write(2, 2, 2);
    kept = [...(await store.collect(births, 2, 10, seal))];
  });
  const signed = Buffer.from('signed by the server');

  it('that a record is filed sets its Status 4, with the Numero there and the proof', async () => {
    expect(await apply([filed(kept[0])], signed, at)).toEqual({ filed: 1, refused: 0 });
    expect(await statuses()).toEqual([4, 3, 3]);
    const [row] = await database.query(
      'select outcome, server_numero, receipt from xms.kept where numero = 1',
    );
    expect(row).toEqual({ outcome: 'filed', server_numero: 77n, receipt: signed });
    expect(numeros(await store.waiting({ limit: 10, sentBefore: at, now }))).toEqual([2n, 3n]);
  });

  it('is applied once', async () => {
    await apply([filed(kept[0])], signed, at);
    expect(await apply([filed(kept[0], 78n)], Buffer.from('again'), at + 1)).toEqual({
      filed: 0,
      refused: 0,
    });
    const [row] = await database.query('select server_numero, receipt from xms.kept where numero = 1');
    expect(row).toEqual({ server_numero: 77n, receipt: signed });
  });

  it('about nothing of ours changes nothing', async () => {
    expect(await apply([filed(undefined), refused(undefined)], signed, at)).toEqual({
      filed: 0,
      refused: 0,
    });
    expect(await statuses()).toEqual([3, 3, 3]);
  });

  it('of a refusal leaves the row at 3, with the reason', async () => {
    const reason = { code: 'column-missing', params: { column: 'Sexe' } } as const;
    const receipts = [refused(kept[0], reason), refused(kept[1]), filed(kept[2])];
    expect(await apply(receipts, signed, at)).toEqual({ filed: 1, refused: 2 });
    expect(await statuses()).toEqual([3, 3, 4]);
    const { refused: told, waiting } = await store.summary();
    expect(waiting).toBe(0);
    expect(told).toEqual([
      { table: 'Naissance', numero: 1n, at, reason },
      { table: 'Naissance', numero: 2n, at },
    ]);
    expect(await apply(receipts, signed, at + 1)).toEqual({ filed: 0, refused: 0 });
  });

  it('of another refusal of the same message keeps the newer reason', async () => {
    const [old, recent] = [
      { code: 'table-denied', params: { table: 'Naissance' } },
      { code: 'column-missing', params: { column: 'Sexe\0' } },
    ] as const;
    await apply([refused(kept[0], old)], signed, at);
    expect(await apply([refused(kept[0], recent)], signed, at)).toEqual({
      filed: 0,
      refused: 1,
    });
    expect((await store.summary()).refused[0]?.reason).toEqual({
      ...recent,
      params: { column: 'Sexe\ufffd' },
    });
  });

  it('may follow a refusal, when the same bytes were sent again', async () => {
    await store.markSent([kept[0]?.messageId as Uint8Array], at);
    await apply([refused(kept[0], { code: 'table-denied', params: { table: 'Naissance' } })], signed, at);
    expect(numeros(await store.waiting({ limit: 10, sentBefore: at + 1, now }))).toEqual([2n, 3n]);
    expect([await store.reopenRefused(), await store.reopenRefused()]).toEqual([1, 0]);
    expect(await store.waiting({ limit: 1, sentBefore: at, now })).toEqual([kept[0]]);
    expect(await apply([filed(kept[0])], signed, at)).toEqual({ filed: 1, refused: 0 });
    expect(await statuses()).toEqual([4, 3, 3]);
    expect(await apply([refused(kept[0])], signed, at)).toEqual({ filed: 0, refused: 0 });
    expect((await store.summary()).refused).toEqual([]);
  });

  it('of a refusal that tells no reason has the record sealed anew: its keys may count no longer', async () => {
    await apply([refused(kept[0])], signed, at);
    expect([await store.reopenRefused(), await store.reopenRefused()]).toEqual([1, 0]);
    expect(await statuses()).toEqual([2, 3, 3]);
    const [anew] = await store.collect(births, 2, 10, seal);
    expect(numeros([anew as KeptSdc])).toEqual([1n]);
    expect(await apply([filed(anew)], signed, at)).toEqual({ filed: 1, refused: 0 });
    expect(await statuses()).toEqual([4, 3, 3]);
  });

  it('leaves a row alone that the office has taken up again', async () => {
    await database.query('update "Naissance" set "Status" = 1 where "Numero" = 1');
    expect(await apply([filed(kept[0])], signed, at)).toEqual({ filed: 1, refused: 0 });
    expect(await statuses()).toEqual([1, 3, 3]);
  });

  it('counts where the office has dropped the table since', async () => {
    await database.query('create table "Passagere" ("Numero" bigint, "Status" smallint)');
    await database.query('insert into "Passagere" values (1, 2)');
    const table = (await store.tables()).get('Passagere') as FormTable;
    const [gone] = await store.collect(table, 2, 1, async records =>
      (await seal(records)).map(one => ({ ...one, table: 'Passagere' })),
    );
    await database.query('drop table "Passagere"');
    expect(await apply([filed(gone), filed(kept[0])], signed, at)).toEqual({
      filed: 2,
      refused: 0,
    });
    expect(await statuses()).toEqual([4, 3, 3]);
  });

  it('is applied once by two processes, too', async () => {
    const receipts = kept.map(one => filed(one));
    const results = await Promise.all([apply(receipts, signed, at), apply(receipts, signed, at, other)]);
    expect(results.reduce((sum, { filed }) => sum + filed, 0)).toBe(3);
    expect(await statuses()).toEqual([4, 4, 4]);
  });
});

describe('looking up', () => {
  it('gives digests in the order asked, and none for what is not ours', async () => {
    await write(2, 2);
    const [first, second] = await store.collect(births, 2, 10, seal);
    const ids = [second, undefined, first, second].map(one => one?.messageId ?? Buffer.alloc(8));
    expect(await store.digests(ids)).toEqual([second?.digest, undefined, first?.digest, second?.digest]);
    expect(await store.digests([])).toEqual([]);
  });

  it('finds the message of an SDC by the hash of its bytes', async () => {
    await write(2);
    const [kept] = await store.collect(births, 2, 10, seal);
    expect(await store.messageIdOf(sdcHash(kept?.sdc as Uint8Array))).toEqual(kept?.messageId);
    expect(await store.messageIdOf(Buffer.alloc(8))).toBeUndefined();
  });

  it('counts the rows of each table by Status', async () => {
    await write(0, 1, 1, 2, 3, 4, 4, 4);
    const { tables } = await store.summary();
    expect(tables.find(({ table }) => table === 'Naissance')?.byStatus).toEqual([1, 2, 1, 1, 3]);
    expect(tables.find(({ table }) => table === 'Deces')?.byStatus).toEqual([0, 0, 0, 0, 0]);
  });
});

describe('a message of several records', () => {
  const signed = Buffer.from('signed by the server');
  let batch: KeptSdc;
  const sealTogether = async (records: readonly CollectedRecord[]): Promise<KeptSdc[]> => [
    {
      messageId: messageId(),
      table: 'Naissance',
      numeros: numeros(records),
      sdc: randomBytes(90),
      digest: randomBytes(32),
    },
  ];
  const about = (...outcomes: Outcome[]): Receipt => ({ about: batch.messageId, outcomes });
  const denied = { kind: 'refused', reason: { code: 'batch-denied', params: {} } } as const;

  beforeEach(async () => {
    await write(2, 2, 2);
    batch = (await store.collect(births, 2, 10, sealTogether))[0] as KeptSdc;
  });

  it('is kept once, with a row for each, and waits as one', async () => {
    expect(await statuses()).toEqual([3, 3, 3]);
    expect(await store.waiting({ limit: 10, sentBefore: at, now })).toEqual([batch]);
    expect(await store.countWaiting()).toBe(3);
    const rows = await database.query('select index, numero, sdc from xms.kept order by index');
    expect(rows).toEqual([
      { index: 0, numero: 1n, sdc: batch.sdc },
      { index: 1, numero: 2n, sdc: null },
      { index: 2, numero: 3n, sdc: null },
    ]);
    await store.markSent([batch.messageId], at);
    expect(await store.waiting({ limit: 10, sentBefore: at, now })).toEqual([]);
    expect(await store.digests([batch.messageId])).toEqual([batch.digest]);
    expect(await store.messageIdOf(sdcHash(batch.sdc))).toEqual(batch.messageId);
  });

  it('has a receipt for each of its records', async () => {
    const reason = { code: 'column-missing', params: { column: 'Sexe' } } as const;
    const receipt = about(
      { kind: 'filed', numero: 70n },
      { kind: 'refused', reason },
      { kind: 'filed', numero: 71n },
    );
    expect(await store.applyReceipts([receipt], signed, at)).toEqual(
      expect.arrayContaining([
        { table: 'Naissance', numero: 1n, outcome: 'filed' },
        { table: 'Naissance', numero: 2n, outcome: 'refused' },
        { table: 'Naissance', numero: 3n, outcome: 'filed' },
      ]),
    );
    expect(await statuses()).toEqual([4, 3, 4]);
    expect(await database.query('select server_numero, receipt from xms.kept order by index')).toEqual([
      { server_numero: 70n, receipt: signed },
      { server_numero: null, receipt: null },
      { server_numero: 71n, receipt: null },
    ]);
    expect((await store.summary()).refused).toEqual([{ table: 'Naissance', numero: 2n, at, reason }]);
    expect(await store.applyReceipts([receipt], signed, at)).toEqual([]);
    expect(await store.waiting({ limit: 10, sentBefore: at, now })).toEqual([]);
  });

  it('is left alone by a receipt of another number of records', async () => {
    const one = { kind: 'filed', numero: 70n } as const;
    for (const receipt of [about(one), about(one, one), about(one, one, one, one), about({ kind: 'done' })]) {
      expect(await store.applyReceipts([receipt], signed, at)).toEqual([]);
    }
    expect(await statuses()).toEqual([3, 3, 3]);
  });

  it('that was refused in part has those records sealed anew, in other messages', async () => {
    const whole = { kind: 'filed', numero: 70n } as const;
    await store.applyReceipts([about(whole, { kind: 'refused' }, { kind: 'refused' })], signed, at);
    await database.query('update "Naissance" set "Status" = 1 where "Numero" = 3');
    expect([await store.reopenRefused(), await store.reopenRefused()]).toEqual([2, 0]);
    // The third was taken up by the office meanwhile.
    expect(await statuses()).toEqual([4, 2, 1]);
    expect(await store.waiting({ limit: 10, sentBefore: at, now })).toEqual([]);
    expect((await store.summary()).refused).toEqual([]);
    const [anew] = await store.collect(births, 2, 10, seal);
    expect(numeros([anew as KeptSdc])).toEqual([2n]);
    expect(await apply([filed(anew)], signed, at)).toEqual({ filed: 1, refused: 0 });
    // What comes late about the first message changes nothing.
    expect(await store.applyReceipts([about(whole, whole, whole)], signed, at)).toEqual([]);
    expect(await statuses()).toEqual([4, 4, 1]);
  });

  it('that may not be has all its records sealed anew', async () => {
    expect(await apply([about(denied)], signed, at)).toEqual({ filed: 0, refused: 3 });
    expect([await store.renewDenied(), await store.renewDenied()]).toEqual([3, 0]);
    expect(await statuses()).toEqual([2, 2, 2]);
  });

  it('that is refused for something else waits for its correction', async () => {
    await store.applyReceipts([about({ kind: 'refused' })], signed, at);
    expect(await store.renewDenied()).toBe(0);
    expect(await statuses()).toEqual([3, 3, 3]);
  });
});

describe('a question', () => {
  const asked = () => ({ messageId: messageId(), service: 'IMPORT', sdc: randomBytes(60) }) as const;
  const head = { recipient: Buffer.alloc(8), at: 0 };
  const rows = (about: Uint8Array, part: number, isLast: boolean): Answer => ({
    ...head,
    id: messageId(),
    service: 'ROWS',
    about,
    table: 'Naissance',
    part,
    records: [],
    isLast,
  });
  const waiting = (retryMs: number, later: number) =>
    store.waitingAsked({ limit: 10, retryMs, now: at + later });

  it('waits until it was sent, then longer each time', async () => {
    const question = asked();
    await store.keepAsked(question);
    expect(await waiting(100, 0)).toEqual([question]);
    await store.markAskedSent([question.messageId], at);
    expect([await waiting(100, 99), await waiting(100, 100)]).toEqual([[], [question]]);
    await store.markAskedSent([question.messageId], at);
    expect([await waiting(100, 199), await waiting(100, 200)]).toEqual([[], [question]]);
    for (let i = 0; i < 30; i++) await store.markAskedSent([question.messageId], at);
    expect([await waiting(100, 86_399_999), await waiting(100, 86_400_000)]).toEqual([[], [question]]);
    // A clock that was set back.
    expect(await waiting(100, -1)).toEqual([question]);
  });

  it('is answered when all parts of the answer are there, in any order and each once', async () => {
    const question = asked();
    await store.keepAsked(question);
    const [first, second, last] = [0, 1, 2].map(part => rows(question.messageId, part, part === 2));
    const signed = (part: number) => Buffer.from(`part ${part}`);
    expect(await store.receive(last as Answer, signed(2), at)).toBe(true);
    expect(await store.receive(first as Answer, signed(0), at)).toBe(true);
    expect(await store.receive(first as Answer, signed(0), at)).toBe(false);
    expect(await store.replyTo(question.messageId)).toBeUndefined();
    expect(await waiting(100, 0)).toEqual([question]);
    await store.receive(second as Answer, signed(1), at);
    expect(await store.replyTo(question.messageId)).toEqual({ signed: [signed(0), signed(1), signed(2)] });
    expect(await waiting(100, 0)).toEqual([]);
  });

  it('may be answered by a receipt, by the hash of its bytes too', async () => {
    const question = asked();
    await store.keepAsked(question);
    expect(await store.messageIdOf(sdcHash(question.sdc))).toEqual(question.messageId);
    const outcome = { kind: 'refused', reason: { code: 'table-denied', params: { table: 'T' } } } as const;
    const receipt = { about: question.messageId, outcomes: [outcome] };
    expect(await store.applyReceipts([receipt], Buffer.alloc(1), at)).toEqual([]);
    expect(await store.replyTo(question.messageId)).toEqual({ outcome });
    await store.applyReceipts([{ ...receipt, outcomes: [{ kind: 'done' }] }], Buffer.alloc(1), at);
    expect(await store.replyTo(question.messageId)).toEqual({ outcome });
  });

  it('is told to whoever listens, when it is kept and when it is answered', async () => {
    let change = Promise.withResolvers<void>();
    const listening = await other.listen(() => change.resolve());
    const next = async (work: () => Promise<unknown>) => {
      change = Promise.withResolvers<void>();
      await work();
      await change.promise;
    };
    const question = asked();
    await next(() => store.keepAsked(question));
    await next(() => store.receive(rows(question.messageId, 0, true), Buffer.alloc(1), at));
    await listening.close();
  });

  it('is answered by what it asked for, and nothing else is kept', async () => {
    const question = asked();
    await store.keepAsked(question);
    const certified: Answer = {
      ...head,
      id: messageId(),
      service: 'CERTIFY-ANSWER',
      about: question.messageId,
      verdict: 'genuine',
      differs: [],
    };
    expect(await store.receive(certified, Buffer.from('other'), at)).toBe(false);
    expect(await store.receive(rows(messageId(), 0, true), Buffer.from('unasked'), at)).toBe(false);
    expect(await store.receive(rows(question.messageId, 0, false), Buffer.from('first'), at)).toBe(true);
    expect(await store.receive(rows(question.messageId, 0, true), Buffer.from('again'), at)).toBe(false);
    expect(await store.replyTo(question.messageId)).toBeUndefined();
    expect(await database.query('select signed from xms.received')).toEqual([
      { signed: Buffer.from('first') },
    ]);
  });

  it('is not there for what the server sends by itself, which is kept all the same', async () => {
    const notice: Answer = {
      ...head,
      id: messageId(),
      service: 'NOTICE',
      kind: 'recharge',
      amount: 5n,
      balance: 9n,
    };
    expect(await store.receive(notice, Buffer.from('notice'), at)).toBe(true);
    expect(await database.query('select service, about, signed from xms.received')).toEqual([
      { service: 'NOTICE', about: null, signed: Buffer.from('notice') },
    ]);
  });

  it('is not there for letters, which are kept once where they come again', async () => {
    const enrol = { ...asked(), service: 'ENROL' } as const;
    await store.keepAsked(enrol);
    const letters: Answer[] = [
      { ...head, id: messageId(), service: 'MESSAGE', subject: 'Avis', text: '…' },
      { ...head, id: messageId(), service: 'NOTICE', kind: 'recharge', amount: 5n, balance: 9n },
      {
        ...head,
        id: messageId(),
        service: 'CERTIFICATE',
        about: enrol.messageId,
        certificates: [Buffer.alloc(1)],
      },
    ];
    for (const letter of letters) {
      expect(await store.receive(letter, Buffer.from('first'), at)).toBe(true);
      expect(await store.receive(letter, Buffer.from('again'), now)).toBe(false);
    }
    expect(await database.query('select distinct signed from xms.received')).toEqual([
      { signed: Buffer.from('first') },
    ]);
    expect(await database.query('select count(*)::int as n from xms.received')).toEqual([{ n: 3 }]);
  });
});

it('SDCs that were kept before there were several records in one go on as they were', async () => {
  const sql = join(import.meta.dirname, '..', '..', 'sql');
  const forms = migrationsOf(sql, 'data', ['0001_ecr.sql']);
  const settings = { ...database.settings, database: freshName() };
  await migrate(settings, [...forms, ...migrationsOf(sql, 'station', ['0001_outbox.sql'])]);
  const older = open(settings.database);
  await older.query(`insert into "Naissance" ("Status", "Nom") values (3, 'A'), (3, 'B'), (4, 'C')`);
  await older.query(
    `insert into xms.kept (message_id, table_name, numero, sdc, sdc_hash, digest, outcome, server_numero, reason)
     values ('\\x0000000000000001', 'Naissance', 1, 'one', 'hash1', 'd1', null, null, null),
            ('\\x0000000000000002', 'Naissance', 2, 'two', 'hash2', 'd2', 'refused', null, '{"code": "table-denied", "params": {}}'),
            ('\\x0000000000000003', 'Naissance', 3, 'three', 'hash3', 'd3', 'filed', 70, null)`,
  );
  await migrate(settings, [...forms, ...migrationsOf(sql, 'station')]);
  const upgraded = new PostgresStationStore(older);
  const told = (await upgraded.waiting({ limit: 10, sentBefore: at, now })).map(({ sdc }) => sdc.toString());
  expect(told).toEqual(['one']);
  expect((await upgraded.summary()).refused).toMatchObject([{ numero: 2n }]);
  expect(await upgraded.reopenRefused()).toBe(1);
  const receipts = (await upgraded.waiting({ limit: 10, sentBefore: at, now })).map(one => filed(one));
  expect(await upgraded.applyReceipts(receipts, Buffer.alloc(1), at)).toHaveLength(2);
  expect(await older.query('select distinct "Status" from "Naissance"')).toEqual([{ Status: 4 }]);
});
