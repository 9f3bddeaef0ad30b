import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/core/message.ts';
import { sdcHash } from '../../src/core/receipt.ts';
import type { FormTable } from '../../src/core/record.ts';
import type { CollectedRecord, KeptSdc } from '../../src/core/station-ports.ts';
import { quoted } from '../../src/db/database.ts';
import { PostgresStationStore } from '../../src/db/station-store.ts';
import { messageId } from './arrivals.ts';
import { clone, open } from './databases.ts';

const database = await clone('ECRData');
const store = new PostgresStationStore(database);
/** Another process of the same office. */
const other = new PostgresStationStore(open(database.settings.database));
const births = (await store.tables()).get('Naissance') as FormTable;
const at = 1_700_000_000_000;
const now = at + 60_000;

beforeEach(async () => {
  await database.query('truncate xms.kept, "Naissance", "Deces" restart identity');
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
    numero,
    sdc: randomBytes(40),
    digest: randomBytes(32),
  }));

const statuses = async () =>
  (await database.query<{ Status: number }>('select "Status" from "Naissance" order by "Numero"')).map(
    ({ Status }) => Status,
  );
const numeros = (kept: readonly { readonly numero: bigint }[]) => kept.map(({ numero }) => numero);
const filed = (kept: KeptSdc | undefined, numero = 77n): Receipt => ({
  about: kept?.messageId ?? Buffer.alloc(8),
  outcome: 'filed',
  numero,
});
const refused = (kept: KeptSdc | undefined, reason?: Receipt['reason']): Receipt => ({
  about: kept?.messageId ?? Buffer.alloc(8),
  outcome: 'refused',
  ...(reason ? { reason } : {}),
});

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
    expect(await store.applyReceipts([filed(kept[0])], signed, at)).toEqual({ filed: 1, refused: 0 });
    expect(await statuses()).toEqual([4, 3, 3]);
    const [row] = await database.query(
      'select outcome, server_numero, receipt from xms.kept where numero = 1',
    );
    expect(row).toEqual({ outcome: 'filed', server_numero: 77n, receipt: signed });
    expect(numeros(await store.waiting({ limit: 10, sentBefore: at, now }))).toEqual([2n, 3n]);
  });

  it('is applied once', async () => {
    await store.applyReceipts([filed(kept[0])], signed, at);
    expect(await store.applyReceipts([filed(kept[0], 78n)], Buffer.from('again'), at + 1)).toEqual({
      filed: 0,
      refused: 0,
    });
    const [row] = await database.query('select server_numero, receipt from xms.kept where numero = 1');
    expect(row).toEqual({ server_numero: 77n, receipt: signed });
  });

  it('about nothing of ours changes nothing', async () => {
    expect(await store.applyReceipts([filed(undefined), refused(undefined)], signed, at)).toEqual({
      filed: 0,
      refused: 0,
    });
    expect(await statuses()).toEqual([3, 3, 3]);
  });

  it('of a refusal leaves the row at 3, with the reason', async () => {
    const reason = { code: 'column-missing', params: { column: 'Sexe' } } as const;
    const receipts = [refused(kept[0], reason), refused(kept[1]), filed(kept[2])];
    expect(await store.applyReceipts(receipts, signed, at)).toEqual({ filed: 1, refused: 2 });
    expect(await statuses()).toEqual([3, 3, 4]);
    const { refused: told, waiting } = await store.summary();
    expect(waiting).toBe(0);
    expect(told).toEqual([
      { table: 'Naissance', numero: 1n, at, reason },
      { table: 'Naissance', numero: 2n, at },
    ]);
    expect(await store.applyReceipts(receipts, signed, at + 1)).toEqual({ filed: 0, refused: 0 });
  });

  it('of another refusal of the same message keeps the newer reason', async () => {
    const [old, recent] = [
      { code: 'table-denied', params: { table: 'Naissance' } },
      { code: 'column-missing', params: { column: 'Sexe\0' } },
    ] as const;
    await store.applyReceipts([refused(kept[0], old)], signed, at);
    expect(await store.applyReceipts([refused(kept[0], recent)], signed, at)).toEqual({
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
    await store.applyReceipts([refused(kept[0])], signed, at);
    expect(numeros(await store.waiting({ limit: 10, sentBefore: at + 1, now }))).toEqual([2n, 3n]);
    expect([await store.reopenRefused(), await store.reopenRefused()]).toEqual([1, 0]);
    expect(await store.waiting({ limit: 1, sentBefore: at, now })).toEqual([kept[0]]);
    expect(await store.applyReceipts([filed(kept[0])], signed, at)).toEqual({ filed: 1, refused: 0 });
    expect(await statuses()).toEqual([4, 3, 3]);
    expect(await store.applyReceipts([refused(kept[0])], signed, at)).toEqual({ filed: 0, refused: 0 });
    expect((await store.summary()).refused).toEqual([]);
  });

  it('leaves a row alone that the office has taken up again', async () => {
    await database.query('update "Naissance" set "Status" = 1 where "Numero" = 1');
    expect(await store.applyReceipts([filed(kept[0])], signed, at)).toEqual({ filed: 1, refused: 0 });
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
    expect(await store.applyReceipts([filed(gone), filed(kept[0])], signed, at)).toEqual({
      filed: 2,
      refused: 0,
    });
    expect(await statuses()).toEqual([4, 3, 3]);
  });

  it('is applied once by two processes, too', async () => {
    const receipts = kept.map(one => filed(one));
    const results = await Promise.all([
      store.applyReceipts(receipts, signed, at),
      other.applyReceipts(receipts, signed, at),
    ]);
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
