/** What a station's database does beside exporting: records that land, records that are validated, what is forgotten. */
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Answer, Outcome } from '../../src/core/message.ts';
import { CalendarDate, type FormRecord, type FormTable, type Value } from '../../src/core/record.ts';
import { faultOf } from '../../src/core/record-rules.ts';
import { PostgresStationStore } from '../../src/db/station-store.ts';
import { messageId } from './arrivals.ts';
import { clone } from './databases.ts';

const database = await clone('ECRData');
const store = new PostgresStationStore(database);
const births = (await store.tables()).get('Naissance') as FormTable;
const at = 1_700_000_000_000;
const dayMs = 86_400_000;

beforeEach(() =>
  database.query(
    'truncate xms.kept, xms.asked, xms.received, xms.imported, "Naissance", "Deces" restart identity',
  ),
);

const record = (numero: Value, nom: Value, more: Record<string, Value> = {}): FormRecord =>
  new Map<string, Value>([['Numero', numero], ['Status', 2], ['Nom', nom], ...Object.entries(more)]);

async function land(...records: FormRecord[]) {
  return store.land(messageId(), births, records, at);
}

const rows = () =>
  database.query('select "Numero", "Status", "Nom", "DateNaissance" from "Naissance" order by "Numero"');

describe('records of the centre', () => {
  it('land under a Numero of this database, with Status 2, each once', async () => {
    await database.query(`insert into "Naissance" ("Status", "Nom") values (1, 'A NOUS')`);
    const born = new CalendarDate(20_000);
    const page = [record(70, 'EYOUM', { DateNaissance: born }), record(71n, 'PRISO')];
    expect(await land(...page)).toEqual({ landed: 2, updated: 0, known: 0, faults: [] });
    expect(await land(...page)).toEqual({ landed: 0, updated: 0, known: 2, faults: [] });
    expect(await rows()).toEqual([
      { Numero: 1n, Status: 1, Nom: 'A NOUS', DateNaissance: null },
      { Numero: 2n, Status: 2, Nom: 'EYOUM', DateNaissance: '2024-10-04' },
      { Numero: 3n, Status: 2, Nom: 'PRISO', DateNaissance: null },
    ]);
  });

  it('are brought up to date where the centre has changed or cancelled them', async () => {
    await land(record(70, 'EYOUM'), record(71, 'PRISO'));
    const notes = { MentionsMarginales: 'Mariée le 3 mai' };
    const changed = [
      record(70, 'EYOUM', notes),
      record(71, 'PRISO', { MentionsMarginales: null, Status: 0 }),
    ];
    expect(await land(...changed)).toMatchObject({ landed: 0, updated: 2, known: 0 });
    expect(await rows()).toMatchObject([
      { Numero: 1n, Status: 2 },
      { Numero: 2n, Status: 0 },
    ]);
    expect(await land(...changed)).toMatchObject({ updated: 0, known: 2 });
  });

  it('that this office has filed itself are known', async () => {
    await database.query(`insert into "Naissance" ("Status", "Nom") values (4, 'A NOUS')`);
    await database.query(
      `insert into xms.kept (message_id, table_name, numero, sdc, sdc_hash, digest, outcome, server_numero)
       values ('\\x0000000000000001', 'Naissance', 1, 'sdc', 'hash', 'digest', 'filed', 70)`,
    );
    expect(await land(record(70, 'A NOUS'))).toMatchObject({ landed: 0, known: 1 });
    expect(await rows()).toMatchObject([{ Numero: 1n, Status: 4 }]);
  });

  it('land anew where the office has deleted them', async () => {
    await land(record(70, 'EYOUM'));
    await database.query('delete from "Naissance"');
    expect(await land(record(70, 'EYOUM'))).toMatchObject({ landed: 1 });
    expect(await rows()).toMatchObject([{ Numero: 2n }]);
  });

  it('that the table does not take are named, and hold up no others', async () => {
    await database.query(`alter table "Naissance" add constraint person check ("Nom" <> 'PERSONNE')`);
    const landing = await land(record(70, 'PERSONNE'), record(71, 'x'.repeat(4_000)), record(72, 'PRISO'));
    await database.query('alter table "Naissance" drop constraint person');
    expect(landing).toMatchObject({ landed: 1, known: 0 });
    expect(landing.faults.map(({ numero, reason }) => [numero, reason.code])).toEqual([
      [70n, 'record-constraint'],
      [71n, 'value-too-long'],
    ]);
    expect(await rows()).toMatchObject([{ Nom: 'PRISO' }]);
  });

  it('whose structure is another are refused as a whole', async () => {
    await expect(land(record(70, 'EYOUM', { Inconnue: 1 }))).rejects.toMatchObject({
      code: 'column-unknown',
    });
    await expect(land(new Map([['Nom', 'EYOUM']]))).rejects.toMatchObject({ code: 'column-missing' });
    expect(await rows()).toEqual([]);
  });

  it('are not sent back, and are counted apart', async () => {
    await land(record(70, 'EYOUM'));
    await database.query(`insert into "Naissance" ("Status", "Nom") values (2, 'A NOUS')`);
    const [summary] = (await store.summary()).tables.filter(({ table }) => table === 'Naissance');
    expect(summary).toEqual({ table: 'Naissance', byStatus: [0, 0, 2, 0, 0], imported: 1 });
    const kept = await store.collect(births, 2, 10, async records =>
      records.map(({ numero }) => ({
        messageId: messageId(),
        table: 'Naissance',
        numeros: [numero],
        sdc: randomBytes(9),
        digest: randomBytes(32),
      })),
    );
    expect(kept.flatMap(({ numeros }) => numeros)).toEqual([2n]);
  });
});

describe('validation', () => {
  const validate = (after: bigint, limit: number) =>
    store.validate(births, after, limit, one => faultOf(one, births));

  it('freezes what has Status 1, page by page, and leaves what has a fault', async () => {
    await database.query(`insert into "Naissance" ("Status", "Nom", "DateNaissance")
      values (1, 'A', null), (1, 'B', '-infinity'), (3, 'C', null), (1, 'D', null)`);
    const reason = {
      code: 'value-type',
      params: { column: 'DateNaissance', found: 'text', expected: 'date' },
    };
    expect(await validate(0n, 2)).toEqual({ frozen: 1, faults: [{ numero: 2n, reason }], last: 2n });
    expect(await validate(2n, 2)).toEqual({ frozen: 1, faults: [], last: 4n });
    expect(await validate(4n, 2)).toEqual({ frozen: 0, faults: [] });
    expect((await rows()).map(({ Status }) => Status)).toEqual([2, 1, 3, 2]);
  });
});

describe('a question', () => {
  const head = { recipient: Buffer.alloc(8), at: 0 };
  const keep = async (service: 'ENROL' | 'ACCOUNT' | 'IMPORT' | 'MESSAGE', questionHash?: Buffer) => {
    const id = messageId();
    const note = service === 'MESSAGE' ? { note: { subject: 'Objet', text: 'Texte' } } : {};
    const details = { ...note, ...(questionHash ? { questionHash } : {}) };
    await store.keepAsked({ messageId: id, service, sdc: randomBytes(20) }, details);
    return id;
  };
  const receipt = (about: Uint8Array, outcome: Outcome, time = at) =>
    store.applyReceipts([{ about, outcomes: [outcome] }], Buffer.alloc(1), time);

  it('of a key for its certificate waits on after the receipt, and for what an operator decides', async () => {
    const [granted, denied] = [await keep('ENROL'), await keep('ENROL')];
    await receipt(granted, { kind: 'done' });
    await receipt(denied, { kind: 'done' });
    expect(await store.replyTo(granted)).toBeUndefined();
    expect(await store.progressOf(granted)).toEqual({ isSent: false, isPending: true, parts: 0 });
    const certificate: Answer = {
      ...head,
      id: messageId(),
      service: 'CERTIFICATE',
      about: granted,
      certificates: [],
    };
    await store.receive(certificate, Buffer.from('certificate'), at);
    expect(await store.replyTo(granted)).toEqual({ signed: [Buffer.from('certificate')] });
    const refused: Outcome = {
      kind: 'refused',
      reason: { code: 'enrolment-refused', params: { detail: 'x' } },
    };
    await receipt(denied, refused);
    expect(await store.replyTo(denied)).toEqual({ outcome: refused });
    expect(await store.untaken('ENROL')).toEqual([granted]);
    await store.markTaken(granted, at);
    expect(await store.untaken('ENROL')).toEqual([]);
  });

  it('that is asked again is the same until its answer was told', async () => {
    const hash = randomBytes(32);
    const id = await keep('ACCOUNT', hash);
    const now = Date.now();
    expect(await store.sameAsked(hash, now)).toEqual(id);
    expect(await store.sameAsked(randomBytes(32), now)).toBeUndefined();
    await receipt(id, { kind: 'done' }, now);
    expect(await store.sameAsked(hash, now)).toEqual(id);
    expect(await store.sameAsked(hash, now + 3_600_001)).toBeUndefined();
    await store.markTaken(id, now);
    expect(await store.sameAsked(hash, now)).toBeUndefined();
    const refused = await keep('ACCOUNT', hash);
    await receipt(refused, { kind: 'refused' }, now);
    expect(await store.sameAsked(hash, now)).toBeUndefined();
  });

  it('and what has come of it are forgotten when nobody needs them any more', async () => {
    const now = Date.now();
    const answered = async (service: 'ACCOUNT' | 'IMPORT' | 'MESSAGE', days: number) => {
      const id = await keep(service);
      const at = now - days * dayMs;
      const about = { ...head, id: messageId(), about: id };
      if (service === 'MESSAGE') await receipt(id, { kind: 'done' }, at);
      else if (service === 'ACCOUNT') {
        await store.receive(
          { ...about, service: 'STATEMENT', balance: 0n, movements: [] },
          Buffer.alloc(1),
          at,
        );
      } else {
        const rows = { ...about, service: 'ROWS', table: 'T', part: 0, records: [], isLast: true } as const;
        await store.receive(rows, Buffer.alloc(1), at);
      }
      return id;
    };
    const old = [await answered('ACCOUNT', 31), await answered('IMPORT', 31), await answered('MESSAGE', 401)];
    await store.markTaken(old[1] as Uint8Array, now);
    const unanswered = await keep('ACCOUNT');
    await database.query(`update xms.asked set asked_at = now() - interval '91 d' where message_id = $1`, [
      unanswered,
    ]);
    const left = [
      await answered('ACCOUNT', 29),
      await answered('IMPORT', 31),
      await answered('MESSAGE', 399),
    ];
    const notice = (days: number) =>
      store.receive(
        { ...head, id: messageId(), service: 'NOTICE', kind: 'recharge', amount: 1n, balance: 1n },
        Buffer.from(`${days}`),
        now - days * dayMs,
      );
    await notice(399);
    await notice(401);
    await store.purge(now);
    const ids = await database.query<{ message_id: Buffer }>('select message_id from xms.asked');
    expect(ids.map(({ message_id }) => message_id.toString('hex')).sort()).toEqual(
      left.map(id => Buffer.from(id).toString('hex')).sort(),
    );
    expect(await database.query('select from xms.received where about is not null')).toHaveLength(2);
    expect(await store.unasked(10)).toEqual([{ at: now - 399 * dayMs, signed: Buffer.from('399') }]);
    expect(await store.sentLetters(10)).toMatchObject([{ subject: 'Objet', text: 'Texte' }]);
  });
});
