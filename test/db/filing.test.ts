import { describe, expect, it } from 'vitest';
import type { Arrival, ArrivalOutcome } from '../../src/core/ports.ts';
import { CalendarDate, type FormTable } from '../../src/core/record.ts';
import type { Row } from '../../src/db/database.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { exportOf, messageId, numeroOf, refusedOf, unopenedOf } from './arrivals.ts';
import { clone, open } from './databases.ts';

const database = await clone('XMServerData');
const store = new PostgresDocumentStore(database);
const tables = await store.tables();
const births = tables.get('Naissance') as FormTable;
const person = { Nom: 'MBALLA', Prenoms: 'Aïcha', Sexe: 'F', DateNaissance: new CalendarDate(20_000) };

/** A client that no other test uses. */
const freshClient = (
  next => () =>
    next++
)(1000);

async function file(...arrivals: Arrival[]): Promise<ArrivalOutcome[]> {
  return store.file(arrivals);
}

/** Rows of one client. */
function rowsOf(table: string, client: number): Promise<Row[]> {
  return database.query(`select * from xms.${table} where client = $1`, [client]);
}

async function birth(numero: bigint | undefined): Promise<Row | undefined> {
  return (await database.query('select * from "Naissance" where "Numero" = $1', [numero]))[0];
}

const duplicateOf = (numero: bigint) => ({ kind: 'duplicate', records: [{ kind: 'duplicate', numero }] });
const kinds = (outcomes: readonly ArrivalOutcome[]) => outcomes.map(({ kind }) => kind);
const codes = (outcomes: readonly ArrivalOutcome[]) =>
  outcomes.map(outcome => (outcome.kind === 'refused' ? outcome.reason.code : outcome.kind));

describe('a new message', () => {
  it('is filed with all that goes with it', async () => {
    const client = freshClient();
    const arrival = exportOf({ client, table: births, numero: 7, values: person });
    const [outcome] = await file(arrival);
    const numero = numeroOf(outcome);
    expect(await birth(numero)).toMatchObject({
      Numero: numero,
      Status: 2,
      Nom: 'MBALLA',
      Prenoms: 'Aïcha',
      DateNaissance: '2024-10-04',
      MentionsMarginales: null,
    });
    const message_id = arrival.opened?.message.id;
    const { digest, signed } = arrival.opened ?? {};
    expect(await rowsOf('provenance', client)).toMatchObject([
      { message_id, table_name: 'Naissance', numero, numero_there: 7n, digest, signed },
    ]);
    expect(await rowsOf('due', client)).toMatchObject([
      { about: message_id, outcomes: [String(numero)], digest },
    ]);
    expect(await rowsOf('unbilled', client)).toMatchObject([
      { message_id, service: 'EXPORT', size: arrival.sdc.length },
    ]);
    expect(await rowsOf('inbox', client)).toMatchObject([
      { message_id, outcome: 'filed', numero, topic: `xms/u/${client}`, size: arrival.sdc.length, sdc: null },
    ]);
  });

  it('counts in the day', async () => {
    const before = await store.counts();
    const client = freshClient();
    const filed = exportOf({ client, table: births, numero: 1 });
    await file(filed, filed, unopenedOf(client));
    const after = await store.counts();
    expect(after.today).toEqual({
      received: before.today.received + 3,
      filed: before.today.filed + 1,
      refused: before.today.refused + 1,
      sent: before.today.sent,
    });
    expect(after.total.received).toBe(before.total.received + 3);
  });

  it('may have any of the supplied tables, in one batch', async () => {
    const client = freshClient();
    const batch = [...tables.values()].map((table, i) => exportOf({ client, table, numero: i + 1 }));
    expect(batch.length).toBe(8);
    expect(new Set(kinds(await store.file(batch)))).toEqual(new Set(['filed']));
  });

  it('comes in batches of 200, each record with its own Numero', async () => {
    const client = freshClient();
    const batch = Array.from({ length: 200 }, (_, i) =>
      exportOf({ client, table: births, numero: i + 1, values: { Nom: `N${i}` } }),
    );
    const outcomes = await store.file(batch);
    const names = await database.query<{ Nom: string }>(
      'select "Nom" from unnest($1::bigint[]) with ordinality k (n, i) join "Naissance" b on b."Numero" = k.n order by i',
      [outcomes.map(numeroOf)],
    );
    expect(names.map(({ Nom }) => Nom)).toEqual(batch.map((_, i) => `N${i}`));
  });

  it('may hold a value as long as an SDC allows', async () => {
    const client = freshClient();
    const MentionsMarginales = 'é'.repeat(500_000);
    const [outcome] = await file(
      exportOf({ client, table: births, numero: 1, values: { MentionsMarginales } }),
    );
    expect((await birth(numeroOf(outcome)))?.MentionsMarginales).toBe(MentionsMarginales);
  });

  it('changes nothing where the batch is empty', async () => {
    expect(await store.file([])).toEqual([]);
  });
});

describe('a message that comes again', () => {
  it('is a duplicate with the Numero of then, and is not filed, billed or receipted twice', async () => {
    const client = freshClient();
    const arrival = exportOf({ client, table: births, numero: 1, values: person });
    const [first] = await file(arrival);
    expect(await file(arrival)).toEqual([duplicateOf(numeroOf(first))]);
    for (const table of ['provenance', 'due', 'unbilled']) {
      expect(await rowsOf(table, client), table).toHaveLength(1);
    }
    expect((await rowsOf('inbox', client)).map(({ outcome }) => outcome)).toEqual(['filed', 'duplicate']);
  });

  it('is a duplicate inside one batch, too', async () => {
    const client = freshClient();
    const arrival = exportOf({ client, table: births, numero: 1 });
    const outcomes = await file(arrival, arrival, arrival);
    expect(kinds(outcomes)).toEqual(['filed', 'duplicate', 'duplicate']);
    expect(new Set(outcomes.map(numeroOf)).size).toBe(1);
  });

  it('is no duplicate of a refused one: it gets its chance again', async () => {
    const client = freshClient();
    const arrival = exportOf({ client, table: births, numero: 1 });
    await file(refusedOf(arrival, { code: 'client-suspended', params: {} }));
    expect(kinds(await file(arrival))).toEqual(['filed']);
  });

  it('belongs to its client alone', async () => {
    const [one, two] = [freshClient(), freshClient()];
    const id = messageId();
    const outcomes = await file(
      exportOf({ client: one, table: births, numero: 1, id }),
      exportOf({ client: two, table: births, numero: 1, id }),
    );
    expect(kinds(outcomes)).toEqual(['filed', 'filed']);
  });
});

describe('an id that is taken', () => {
  it('is refused with other contents, and what was filed stands', async () => {
    const client = freshClient();
    const id = messageId();
    const [first] = await file(exportOf({ client, table: births, numero: 1, id, values: person }));
    const other = exportOf({ client, table: births, numero: 2, id, values: { Nom: 'AUTRE' } });
    expect(codes(await file(other))).toEqual(['message-id-reused']);
    expect((await birth(numeroOf(first)))?.Nom).toBe('MBALLA');
  });

  it('does not drag along another message about the same record in that batch', async () => {
    const client = freshClient();
    const id = messageId();
    await file(exportOf({ client, table: births, numero: 1, id }));
    const collision = exportOf({ client, table: births, numero: 2, id });
    const innocent = exportOf({ client, table: births, numero: 2 });
    expect(codes(await file(collision, innocent))).toEqual(['message-id-reused', 'filed']);
  });
});

describe('a record that was filed before', () => {
  it('gets, as a new message with the same contents, a receipt with the Numero of then, at no charge', async () => {
    const client = freshClient();
    const [first] = await file(exportOf({ client, table: births, numero: 5, values: person }));
    const renewed = exportOf({ client, table: births, numero: 5, values: person });
    expect(await file(renewed)).toEqual([duplicateOf(numeroOf(first))]);
    expect((await rowsOf('due', client)).map(({ outcomes }) => outcomes)).toEqual([
      [String(numeroOf(first))],
      [String(numeroOf(first))],
    ]);
    expect(await rowsOf('provenance', client)).toHaveLength(2);
    expect(await rowsOf('unbilled', client)).toHaveLength(1);
    // From now on the renewed message is known as such.
    expect(kinds(await file(renewed))).toEqual(['duplicate']);
    expect(await rowsOf('due', client)).toHaveLength(2);
  });

  it('is renewed once by a new message that the broker delivers twice into one batch', async () => {
    const client = freshClient();
    await file(exportOf({ client, table: births, numero: 5, values: person }));
    const renewed = exportOf({ client, table: births, numero: 5, values: person });
    expect(kinds(await file(renewed, renewed))).toEqual(['duplicate', 'duplicate']);
    expect(await rowsOf('provenance', client)).toHaveLength(2);
    expect(await rowsOf('due', client)).toHaveLength(2);
  });

  it('is refused with other contents, by the Numero of then', async () => {
    const client = freshClient();
    const [first] = await file(exportOf({ client, table: births, numero: 5, values: person }));
    const changed = exportOf({ client, table: births, numero: 5, values: { ...person, Nom: 'AUTRE' } });
    const reason = { code: 'record-already-filed', params: { numero: Number(numeroOf(first)) } };
    expect(await file(changed)).toEqual([
      { kind: 'refused', reason, records: [{ kind: 'refused', reason }] },
    ]);
  });

  it('is told apart by client and by table', async () => {
    const [one, two] = [freshClient(), freshClient()];
    const deaths = tables.get('Deces') as FormTable;
    const outcomes = await file(
      exportOf({ client: one, table: births, numero: 5 }),
      exportOf({ client: two, table: births, numero: 5 }),
      exportOf({ client: one, table: deaths, numero: 5 }),
    );
    expect(kinds(outcomes)).toEqual(['filed', 'filed', 'filed']);
  });

  it('counts from the first of two versions in one batch', async () => {
    const client = freshClient();
    const outcomes = await file(
      exportOf({ client, table: births, numero: 5, values: { Nom: 'A' } }),
      exportOf({ client, table: births, numero: 5, values: { Nom: 'B' } }),
      exportOf({ client, table: births, numero: 5, values: { Nom: 'A' } }),
    );
    expect(codes(outcomes)).toEqual(['filed', 'record-already-filed', 'duplicate']);
  });
});

describe('a refused message', () => {
  it('is kept with its bytes and its reason, and receipted where the client is known', async () => {
    const client = freshClient();
    const arrival = refusedOf(exportOf({ client, table: births, numero: 1 }), {
      code: 'column-missing',
      params: { column: 'Sexe' },
    });
    await file(arrival);
    const reason = { code: 'column-missing', params: { column: 'Sexe' } };
    expect(await rowsOf('inbox', client)).toMatchObject([{ outcome: 'refused', reason, sdc: arrival.sdc }]);
    expect(await rowsOf('due', client)).toMatchObject([
      { outcomes: [reason], about: arrival.opened?.message.id, digest: null },
    ]);
  });

  it('that did not open is named in the receipt by the hash of its bytes', async () => {
    const client = freshClient();
    await file(unopenedOf(client));
    const [receipt] = await database.query(
      `select r.about = substring(sha256(i.sdc) for 8) as named from xms.due r join xms.inbox i using (client)
        where client = $1`,
      [client],
    );
    expect(receipt).toEqual({ named: true });
  });

  it('of nobody known is kept and not answered', async () => {
    const topic = `xms/u/${freshClient()}`;
    await file(unopenedOf(undefined, topic));
    const [attempt] = await database.query('select client, outcome from xms.inbox where topic = $1', [topic]);
    expect(attempt).toEqual({ client: null, outcome: 'refused' });
  });

  it('may name what PostgreSQL cannot hold', async () => {
    const client = freshClient();
    const arrival = exportOf({ client, table: { ...births, name: 'Nais\0sance\ud83d' }, numero: 1 });
    const refuse = { code: 'column-unknown', params: { column: 'a\0b\ud83d', limit: 3 } } as const;
    const [outcome] = await file({ ...refusedOf(arrival, refuse), topic: 'xms/u/\0' });
    const reason = { code: 'column-unknown', params: { column: 'a\ufffdb\ufffd', limit: 3 } };
    expect(outcome).toEqual({ kind: 'refused', reason });
    expect(await rowsOf('inbox', client)).toMatchObject([
      { reason, table_name: 'Nais\ufffdsance\ufffd', topic: 'xms/u/\ufffd' },
    ]);
  });

  it("leaves no more than a line of a sender's words in the journal", async () => {
    const [outcome] = await file(
      refusedOf(unopenedOf(freshClient()), { code: 'table-unknown', params: { table: 'x'.repeat(16_000) } }),
    );
    expect(outcome?.kind === 'refused' && String(outcome.reason.params.table).length).toBe(200);
  });
});

describe('several engines', () => {
  it('file the same messages once', async () => {
    const client = freshClient();
    const other = new PostgresDocumentStore(open(database.settings.database));
    const batch = Array.from({ length: 50 }, (_, i) => exportOf({ client, table: births, numero: i + 1 }));
    const [here, there] = await Promise.all([store.file(batch), other.file([...batch].reverse())]);
    const filed = [...here, ...there].filter(({ kind }) => kind === 'filed');
    expect(filed).toHaveLength(50);
    expect(await rowsOf('provenance', client)).toHaveLength(50);
    expect(await rowsOf('due', client)).toHaveLength(50);
    expect(here.map(numeroOf)).toEqual([...there].reverse().map(numeroOf));
  });

  it('do not wait for each other in a circle', async () => {
    const clients = [freshClient(), freshClient(), freshClient()];
    const other = new PostgresDocumentStore(open(database.settings.database));
    const batch = (order: readonly number[]) =>
      order.map(client =>
        exportOf({ client, table: births, numero: BigInt(Math.floor(Math.random() * 2 ** 40)) }),
      );
    for (let round = 0; round < 10; round++) {
      const outcomes = await Promise.all([
        store.file(batch(clients)),
        other.file(batch([...clients].reverse())),
      ]);
      expect(new Set(kinds(outcomes.flat()))).toEqual(new Set(['filed']));
    }
  });
});
