import { afterAll, describe, expect, it } from 'vitest';
import { clientSorts, signatorySorts } from '../../src/core/administration/ports.ts';
import { searchOf } from '../../src/core/engine/services/certify.ts';
import { fullQuery } from '../../src/core/query-rules.ts';
import { CalendarDate, type FormTable, type Value } from '../../src/core/record.ts';
import { PostgresAffairs } from '../../src/db/affairs.ts';
import {
  findAttempt,
  listAttempts,
  markRetried,
  readAttempts,
  retriableAttempts,
} from '../../src/db/data/journal.ts';
import { findSent, readSent, sendAgain } from '../../src/db/data/sent.ts';
import { Database, type Queryable, type Row } from '../../src/db/database.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { PostgresLibrary } from '../../src/db/library.ts';
import { PostgresStationStore } from '../../src/db/station-store.ts';
import { createAdministrationStore } from '../../src/db/system/administration-store.ts';
import { auditAccounts } from '../../src/db/system/audit.ts';
import { countEnding } from '../../src/db/system/certificate.ts';
import { clientNames, readClients, readSigners } from '../../src/db/system/directory.ts';
import { commandsAfter, newestCommand } from '../../src/db/system/engine.ts';
import { enter } from '../../src/db/system/entry.ts';
import { makeInvoice } from '../../src/db/system/invoice.ts';
import { charge } from '../../src/db/system/ledger.ts';
import { loginRecords } from '../../src/db/system/login.ts';
import { brokenJournalRow, findOperator, writeJournal } from '../../src/db/system/operator.ts';
import { countUnread } from '../../src/db/system/received-message.ts';
import { readStatement } from '../../src/db/system/statement.ts';
import { exportOf, messageId, questionOf } from './arrivals.ts';
import { clone } from './databases.ts';

/**
 * On tables that are filled every statement must go through an index: what reads a whole table now stands still at
 * 100 million rows. 40 000 rows are enough for the planner to know the difference.
 */
const filled = 40_000;

const firstPage = { search: '', descending: false, limit: 50, from: 'start' } as const;
const afterLast = (rows: readonly { readonly key: string }[]) => ({
  from: { side: 'after', key: rows.at(-1)?.key ?? '' } as const,
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** The planner's own choice, which our transactions do not leave it. */
const unbiased =
  'set local enable_seqscan = on; set local enable_hashjoin = on; set local enable_mergejoin = on';

/** Notes which tables its statements read from end to end. */
class ExplainingDatabase extends Database {
  #scanned = new Set<string>();
  #used = new Set<string>();

  /** The indexes used since the last call. */
  used(): string[] {
    const indexes = [...this.#used].sort();
    this.#used = new Set();
    return indexes;
  }

  /** The tables read since the last call. */
  scanned(): string[] {
    const tables = [...this.#scanned].sort();
    this.#scanned = new Set();
    return tables;
  }

  override async query<R extends Row = Row>(text: string, parameters: readonly unknown[] = []): Promise<R[]> {
    const outside: Queryable = { query: (statement, values) => super.query(statement, values) };
    await this.#explain(outside, text, parameters);
    return super.query<R>(text, parameters);
  }

  override transaction<T>(work: (connection: Queryable) => Promise<T>): Promise<T> {
    return super.transaction(async connection => {
      await connection.query(unbiased);
      return work({
        query: async <R extends Row>(text: string, parameters: readonly unknown[] = []) => {
          await this.#explain(connection, text, parameters);
          return connection.query<R>(text, parameters);
        },
      });
    });
  }

  async #explain(connection: Queryable, text: string, parameters: readonly unknown[]): Promise<void> {
    const statement = text.replace(/^declare page no scroll cursor for/, '');
    if (!/^\s*(select|with|insert|update|delete)\b/i.test(statement)) return;
    const rows = await connection.query<{ 'QUERY PLAN': { readonly Plan: Plan }[] }>(
      `explain (format json) ${statement}`,
      parameters,
    );
    for (const { Plan } of rows.flatMap(row => row['QUERY PLAN'])) this.#note(Plan);
  }

  #note(plan: Plan): void {
    if (plan['Index Name'] !== undefined) this.#used.add(plan['Index Name']);
    if (plan['Node Type'] === 'Seq Scan') this.#scanned.add(plan['Relation Name'] ?? '');
    for (const child of plan.Plans ?? []) this.#note(child);
  }
}

/** A clone that these statements have filled, and its tables counted by the planner. */
async function fill(
  template: Parameters<typeof clone>[0],
  statements: readonly string[],
): Promise<ExplainingDatabase> {
  const database = await clone(template, 1);
  await database.query('set session_replication_role = replica');
  for (const statement of statements) await database.query(statement);
  await database.query('vacuum analyze');
  const explaining = new ExplainingDatabase(database.settings, 'test');
  afterAll(() => explaining.close());
  return explaining;
}

const series = `generate_series(1, ${filled}) i`;
const id = `decode(lpad(to_hex(i), 16, '0'), 'hex')`;
const births = `insert into "Naissance" ("Status", "Nom") select case when i % 400 = 0 then 2 else 4 end, 'N' || i from ${series}`;

describe('XMServerData', async () => {
  const database = await fill('XMServerData', [
    births,
    `insert into xms.provenance (client, message_id, table_name, numero, numero_there, digest, content, signed)
     select 1000 + i % 1000, ${id}, 'Naissance', i, i, sha256(${id}), sha256(${id}), ${id} from ${series}`,
    `insert into xms.inbox (at, client, message_id, outcome, numero, size, topic, sdc)
     select now(), 1000 + i % 1000, ${id}, case when i % 400 > 0 then 'filed' else 'refused' end, i, 600, 'xms/u/1', ''
       from ${series}`,
    `insert into xms.outbox (client, sdc, count) select 1000 + i % 1000, ${id}, 1 from ${series}`,
    `insert into xms.outgoing (outbox) select i from ${series} where i % 2 = 0`,
    `insert into xms.sent (outbox) select i from ${series} where i % 2 > 0`,
    `insert into xms.answer (client, about, outbox) select 1000 + i % 1000, ${id}, i from ${series}`,
    `insert into xms.letter (key, client, outbox, repeated_at)
     select 'notice ' || i, 1000 + i % 1000, i, case when i % 400 > 0 then now() end from ${series}`,
    `insert into xms.due (client, about, outcomes, digest)
     select 1000 + i % 1000, ${id}, '["7"]', case when i % 2 = 0 then sha256(${id}) end from ${series}`,
    `insert into xms.request (client, message_id, digest, service, at, sdc, answered_at)
     select case when i % 400 > 0 then 1000 + i % 1000 else 1000 + i / 400 end, ${id}, sha256(${id}), 'ACCOUNT', now(),
            ${id}, case when i % 400 > 0 then now() end
       from ${series}`,
    `insert into xms.unbilled (client, message_id, service, size)
     select 1000 + i % 1000, ${id}, 'EXPORT', 600 from ${series}`,
    `insert into xms.daily (day) select date '2020-01-01' + i from generate_series(1, 2000) i`,
  ]);
  const store = new PostgresDocumentStore(database, async () => ({ attemptDays: 400, answerDays: 180 }));
  const table = (await store.tables()).get('Naissance') as FormTable;
  database.scanned();

  it('lets go what is old', async () => {
    await store.purge();
    expect(database.scanned()).toEqual([]);
  });

  it('is filed into', async () => {
    const known = Buffer.from('0000000000000001', 'hex');
    const batch = Array.from({ length: 200 }, (_, i) =>
      exportOf({ client: 1000 + (i % 50), table, numero: i + 1, id: i === 0 ? known : messageId() }),
    );
    const asked = [questionOf(1007), questionOf(1001, known)];
    await store.file([...batch, ...asked]);
    await store.file([...batch, ...asked]);
    expect(database.scanned()).toEqual([]);
  });

  it('gives questions, and takes their answers', async () => {
    const requests = await store.takeRequests(50, 30_000);
    expect(requests).toHaveLength(50);
    for (const { client, messageId: id } of requests.slice(0, 2)) {
      await store.answerRequest(client, id, [{ sdc: Buffer.from('sdc') }], { records: 1, bytes: 3 });
    }
    expect(database.scanned()).toEqual([]);
  });

  it('is read by clients: page after page, and papers', async () => {
    const library = new PostgresLibrary(database);
    // Roles and databases of a server are few.
    await library.prepare(['Naissance']);
    expect(database.scanned()).toEqual(['pg_authid', 'pg_database']);
    const query = { table: 'Naissance', columns: [], order: [], limit: 50 };
    const { next } = await library.select(fullQuery(query, table), table);
    await library.select(fullQuery({ ...query, limit: 90 }, table), table, next);
    const papers: Record<string, Value>[] = [
      { NumeroActe: 'x' },
      { Nom: 'N7', DateNaissance: CalendarDate.parse('2024-01-01') ?? null },
    ];
    for (const paper of papers) {
      const search = searchOf(new Map(Object.entries(paper)), table);
      if (search) await library.find(search, table);
    }
    database.used();
    const named = { kind: 'compare', column: 'Nom', by: '=', value: 'N7' } as const;
    const several = { kind: 'in', column: 'Nom', values: ['N7', 'N8'] } as const;
    for (const where of [named, several]) {
      const { records } = await library.select(fullQuery({ ...query, where }, table), table);
      expect(records).toHaveLength(where === named ? 1 : 2);
      expect(database.used()).toEqual(['Naissance_nom']);
    }
    await store.post([{ key: 'notice 1', client: 1007, sdc: Buffer.from('sdc'), about: messageId() }]);
    expect(database.scanned()).toEqual([]);
  });

  it('gives receipts to be sealed, and takes those back that cannot be', async () => {
    await store.sealDue(500, async due => {
      const answered = due.slice(0, 100);
      return answered.map(one => ({ client: one.client, sdc: Buffer.from('sdc'), receipts: [one.id] }));
    });
    expect(database.scanned()).toEqual([]);
  });

  it('gives what is to be sent', async () => {
    const entries = await store.takeOutbox(200, 30_000);
    const ids = entries.map(entry => entry.id);
    expect(ids).toHaveLength(200);
    await store.releaseOutbox(ids);
    await store.markSent(ids);
    await store.repeat(1_000);
    expect(database.scanned()).toEqual([]);
  });

  it('gives what is to be billed', async () => {
    const charges = await store.unbilled(50);
    expect(charges).toHaveLength(50);
    await store.markBilled(charges);
    expect(database.scanned()).toEqual([]);
  });

  it('is searched for attempts, which are tried again', async () => {
    for (const client of [undefined, 1007]) {
      for (const refused of [false, true]) await listAttempts(database, { refused, client }, 50);
    }
    expect(await findAttempt(database, 77)).toMatchObject({ id: 77 });
    const retriable = await retriableAttempts(database, 0, 50);
    expect(retriable).toHaveLength(50);
    await markRetried(
      database,
      retriable.map(attempt => attempt.id),
    );
    expect(database.scanned()).toEqual([]);
  });

  it('is searched for what was sent, which is sent again', async () => {
    const page = { inclusive: false, descending: true, limit: 50 } as const;
    for (const from of [undefined, 30_000]) {
      for (const descending of [false, true]) {
        const at = { ...page, descending, ...(from === undefined ? {} : { from }) };
        expect(await readSent(database, {}, at)).toHaveLength(50);
        expect(await readSent(database, { waiting: true }, at)).not.toEqual([]);
        const clients = Array.from({ length: 100 }, (_, i) => 1000 + i);
        expect(await readSent(database, { clients }, at)).toHaveLength(50);
        expect(await readSent(database, { clients: [1007] }, at)).not.toEqual([]);
      }
    }
    expect(await findSent(database, 77)).toMatchObject({ id: 77, about: [{}] });
    expect(await sendAgain(database, 39_999)).toBe('queued');
    await readAttempts(database, { act: 'cancelled' }, page);
    expect(database.scanned()).toEqual([]);
  });

  it('tells counts, by one row a day, and the newest events', async () => {
    await store.counts();
    await store.recentEvents(50);
    // What waits is counted, all of it and nothing else: it stands in tables of its own.
    expect(database.scanned()).toEqual(['daily', 'due', 'outgoing']);
  });
});

describe('XMServerSystem', async () => {
  const database = await fill('XMServerSystem', [
    `insert into client (matricule, nom) select i, 'Centre ' || i from ${series}`,
    `insert into account (client) select i from ${series}`,
    `insert into certificate (key_id, client, spki, der, not_before, not_after)
     select ${id}, i, ${id}, ${id}, now(), now() + interval '1 year' from ${series}`,
    `insert into access_right (client, table_name, may_write)
     select i, t, true from ${series}, unnest(array['Naissance', 'Deces']) t`,
    `insert into movement (client, kind, service, message_id, amount)
     select 1 + i % 1000, 'charge', 'EXPORT', ${id}, -25 from ${series}`,
    `insert into movement (client, kind, service, message_id, amount, at)
     values (77, 'charge', 'EXPORT', '\\x77', -25, '2020-06-01')`,
    `insert into movement (client, kind, reference, amount) select 1 + i % 1000, 'recharge', 'R' || i, 25 from ${series}`,
    `insert into invoice (number, client, first_day, last_day, issuer, nom, ville, currency, decimals,
                          balance_before, recharged, corrected, total, balance_after)
     select i, 1000 + i % 1000, date '2000-01-01' + i, date '2000-01-01' + i, '', '', '', 'XAF', 0, 0, 0, 0, 0, 0
       from ${series}`,
    `insert into invoice_line (invoice, day, service, count, bytes, amount)
     select i, date '2000-01-01' + i, 'EXPORT', 1, 600, 0 from ${series}`,
    `insert into journal (id, act, hash) select i, 'act', sha256(${id}) from ${series}`,
    `insert into command (verb) select 'cycle' from ${series}`,
    `insert into signatory (client, name, valid_from) select i, 'Nom' || i % 500, '2026-01-01' from ${series}`,
    `insert into login_failure (user_name, count, last_at) select 'name' || i, 1, now() from ${series}`,
    `insert into outgoing_message (client, subject, text, created_by, taken_at)
     select i, '', '', '', case when i % 400 > 0 then now() end from ${series}`,
    `insert into notice (client, kind, amount, balance, taken_at)
     select i, 'recharge', 1, 1, case when i % 400 > 0 then now() end from ${series}`,
    `insert into certificate_request (client, key_id, der, fingerprint, message_id, decision, decided_at, answered_at)
     select i, ${id}, ${id}, '', ${id}, 'refused', now(), case when i % 400 > 0 then now() end from ${series}`,
    `insert into received_message (client, message_id, subject, text, read_at)
     select i, ${id}, '', '', case when i % 400 > 0 then now() end from ${series}`,
    `insert into password_failure (client, count, last_at) select i, 1, now() from ${series}`,
    `insert into reading (client, day, count) select i, current_date - 1, 1 from ${series}`,
    `insert into operator (user_name, name, password_hash, privilege)
     select 'operator' || i, 'Nom', 'x', 1 from ${series}`,
  ]);
  const clients = Array.from({ length: 50 }, (_, i) => 1 + i * 100);

  it('is asked who may do what', async () => {
    const keys = clients.map(client => Buffer.from(client.toString(16).padStart(16, '0'), 'hex'));
    expect(await readSigners(database, keys)).toHaveLength(50);
    expect(await readClients(database, clients)).toHaveLength(50);
    expect((await clientNames(database, clients)).size).toBe(50);
    await countEnding(database, Date.now() + 60 * 86_400_000);
    expect(await findOperator(database, 'Operator77')).toMatchObject({ userName: 'operator77' });
    expect(database.scanned()).toEqual([]);
  });

  it('charges', async () => {
    const charges = clients.map(client => ({
      client,
      messageId: messageId(),
      index: 0,
      service: 'EXPORT' as const,
      records: 1,
      bytes: 600,
    }));
    await charge(database, charges);
    await charge(database, charges);
    // A row for each service, and no more.
    expect(database.scanned()).toEqual(['tariff']);
  });

  it('lists, searches and opens clients', async () => {
    const store = createAdministrationStore(database);
    for (const sort of clientSorts) {
      for (const descending of [false, true]) {
        const query = { ...firstPage, sort, descending };
        const { rows } = await store.clientPage(query);
        const page = await store.clientPage({ ...query, ...afterLast(rows) });
        expect(page.rows).toHaveLength(50);
        // Charges need no index of balances to move.
        expect(database.scanned()).toEqual(sort === 'balance' ? ['account'] : []);
        const found = await store.clientPage({ ...query, search: '777' });
        expect(found.rows).toHaveLength(11);
        expect(database.scanned()).toEqual(sort === 'balance' ? ['account'] : []);
      }
    }
    expect(await store.countClients({ search: 'centre 777' })).toBe(11);
    expect(await store.clientSheet(777)).toMatchObject({ name: 'Centre 777' });
    expect(database.scanned()).toEqual([]);
  });

  it('lists and searches signatories', async () => {
    const store = createAdministrationStore(database);
    for (const sort of signatorySorts) {
      const query = { ...firstPage, sort };
      const { rows } = await store.signatoryPage(query);
      expect((await store.signatoryPage({ ...query, ...afterLast(rows) })).rows).toHaveLength(50);
    }
    const query = { ...firstPage, sort: 'name' } as const;
    expect((await store.signatoryPage({ ...query, client: 77 })).rows).toHaveLength(1);
    expect((await store.signatoryPage({ ...query, search: 'nom77' })).rows).toHaveLength(50);
    const entry = { client: 77, name: 'nom77', quality: '', from: '2026-01-01' };
    expect(await store.overlapping(entry, undefined)).toBeDefined();
    expect(database.scanned()).toEqual([]);
  });

  it('lists what clients write, and counts what nobody has read', async () => {
    const store = createAdministrationStore(database);
    for (const [sort, descending] of [
      ['unread', true],
      ['received', false],
    ] as const) {
      const query = { ...firstPage, sort, descending };
      const { rows } = await store.receivedPage(query);
      expect((await store.receivedPage({ ...query, ...afterLast(rows) })).rows).toHaveLength(50);
    }
    expect(
      (await store.receivedPage({ ...firstPage, sort: 'unread', search: '39999' })).rows,
    ).not.toHaveLength(0);
    expect(await countUnread(database)).toBe(filled / 400);
    expect(database.scanned()).toEqual([]);
  });

  it('changes clients, operators and rights, one by one', async () => {
    const store = createAdministrationStore(database);
    await store.transaction(async records => {
      const client = await records.lockClient(77);
      expect(client).toMatchObject({ matricule: 77 });
      await records.updateClient(77, { name: 'Autre', town: '', telephone: '', status: 1 });
      await records.resetClientPassword(77, 'x');
      await records.writeRights(77, [
        { table: 'Deces', write: false, read: false },
        { table: 'Permis', write: true, read: false },
      ]);
      const message = { client: 77, subject: 'a', text: 'b', createdBy: 'mbome', reference: 'R' };
      expect(await records.queueMessage(message)).toMatchObject({ repeated: false });
      expect(await records.queueMessage(message)).toMatchObject({ repeated: true });
      expect(await records.clientOf('R')).toBeUndefined();
      expect(await records.lockOperator('Operator77')).toMatchObject({ userName: 'operator77' });
      expect(await records.privilegeOf(77)).toBe(1);
    });
    const records = loginRecords(database);
    await records.countAttempt('name77', 5, 900);
    await records.forgetFailures('name77');
    expect(database.scanned()).toEqual([]);
  });

  it('searches its journal', async () => {
    const store = createAdministrationStore(database);
    for (const filter of [{}, { act: 'act' }, { operator: 'mbome' }, { act: 'act', operator: 'mbome' }]) {
      await store.journalPage({ ...filter, limit: 50, before: 30_000 });
    }
    expect(database.scanned()).toEqual([]);
  });

  it('keeps accounts: entered in, stated, invoiced, audited', async () => {
    const period = { first: '2020-01-01', last: '2020-12-31' };
    await enter(database, { client: 77, kind: 'recharge', amount: 5n, reference: '1' }, 'os:test');
    await enter(database, { client: 77, kind: 'recharge', amount: 5n, reference: '1' }, 'os:test');
    expect(await readStatement(database, 77, period)).toMatchObject({ movements: { length: 1 } });
    expect(await makeInvoice(database, 77, period, 'os:test')).toMatchObject({ number: 40_001, total: 25n });
    await auditAccounts(database);
    // A row for each setting, and no more.
    expect(database.scanned()).toEqual(['setting']);
  });

  it('answers questions', async () => {
    const affairs = new PostgresAffairs(database, () => undefined);
    await affairs.statement(7, 0, undefined);
    await affairs.profile(7);
    await affairs.changeProfile(7, { town: 'Kribi' });
    await affairs.receiveMessage(7, messageId(), 'a', 'b');
    const check = await affairs.beginPassword(7, false);
    expect(await affairs.setPassword(7, check?.hash, 'x', messageId())).toBe(true);
    await affairs.endPassword(7, false);
    const request = { der: Buffer.alloc(1), keyId: messageId(), spki: Buffer.alloc(1), fingerprint: '' };
    expect(await affairs.fileEnrolment(7, messageId(), request)).toBe(true);
    expect(database.scanned()).toEqual([]);
    await affairs.prepay({
      client: 7,
      messageId: messageId(),
      service: 'IMPORT',
      askedAt: Date.now(),
      records: 1,
      bytes: 600,
    });
    // A few rows, however large the installation.
    expect(database.scanned()).toEqual(['setting', 'tariff']);
    await affairs.handedOn(await affairs.letters(50));
    expect(database.scanned()).toEqual([]);
  });

  it('keeps its journal, and checks it in pages', async () => {
    await writeJournal(database, 'act', {});
    expect(await brokenJournalRow(database)).toBe(1n);
    expect(database.scanned()).toEqual([]);
  });

  it('gives commands', async () => {
    await commandsAfter(database, (await newestCommand(database)) - 1);
    expect(database.scanned()).toEqual([]);
  });
});

describe("a station's database", async () => {
  const database = await fill('ECRData', [
    births,
    `insert into xms.kept (message_id, table_name, numero, sdc, sdc_hash, digest, sent_at, outcome)
     select ${id}, 'Naissance', i, ${id}, ${id}, sha256(${id}), now(),
            case when i % 400 = 0 then null when i % 400 = 1 then 'refused' else 'filed' end
       from ${series}`,
    `insert into xms.asked (message_id, service, sdc, sdc_hash, answered_at)
     select ${id}, 'IMPORT', ${id}, ${id}, now() from ${series}`,
    `insert into xms.received (message_id, service, about, part, is_last, signed, received_at)
     select ${id}, 'ROWS', ${id}, 0, true, ${id}, now() from ${series}`,
    `insert into xms.imported (table_name, server_numero, numero) select 'Naissance', i, 1000000 + i from ${series}`,
  ]);
  const store = new PostgresStationStore(database);
  const table = (await store.tables()).get('Naissance') as FormTable;
  database.scanned();

  it('is collected from and receipted into', async () => {
    const kept = await store.collect(table, 2, 50, async records =>
      records.map(({ numero }) => ({
        messageId: messageId(),
        table: 'Naissance',
        numeros: [numero],
        sdc: Buffer.from('sdc'),
        digest: Buffer.alloc(32),
      })),
    );
    expect(kept).toHaveLength(50);
    const ids = kept.map(one => one.messageId);
    await store.waiting({ limit: 50, sentBefore: 0, now: Date.now() });
    await store.markSent(ids, Date.now());
    await store.digests(ids);
    await store.messageIdOf(Buffer.alloc(8));
    await store.applyReceipts(
      ids.map(about => ({ about, outcomes: [{ kind: 'filed', numero: 1n }] })),
      Buffer.from('signed'),
      Date.now(),
    );
    expect(database.scanned()).toEqual([]);
  });

  it('is collected from what is cancelled', async () => {
    expect(await store.collect(table, 0, 50, async () => [])).toEqual([]);
    await store.countWaitingSdcs();
    for (const status of [0, 2]) await store.countDue('Naissance', status);
    expect(database.scanned()).toEqual([]);
  });

  it('keeps questions, and finds what was asked and answered', async () => {
    const id = messageId();
    await store.keepAsked({ messageId: id, service: 'ACCOUNT', sdc: Buffer.from('sdc') });
    await store.waitingAsked({ limit: 50, retryMs: 100, now: Date.now() });
    await store.markAskedSent([id], Date.now());
    const head = { id: messageId(), recipient: Buffer.alloc(8), at: 0 };
    await store.receive(
      { ...head, service: 'STATEMENT', about: id, balance: 0n, movements: [] },
      Buffer.alloc(1),
      Date.now(),
    );
    expect(await store.replyTo(id)).toEqual({ signed: [Buffer.alloc(1)] });
    expect(database.scanned()).toEqual([]);
  });

  it('reopens what was refused', async () => {
    expect(await store.renewDenied()).toBe(0);
    expect(await store.reopenRefused()).toBe(100);
    expect(database.scanned()).toEqual([]);
  });

  it('is summed up, its forms counted row by row, its SDCs not', async () => {
    await store.summary();
    expect(database.scanned()).not.toContain('kept');
  });
});
