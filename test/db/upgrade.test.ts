import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DueReceipt } from '../../src/core/ports.ts';
import type { FormTable } from '../../src/core/record.ts';
import { findAttempt, listAttempts, retriableAttempts } from '../../src/db/data/journal.ts';
import type { Database } from '../../src/db/database.ts';
import { PostgresDocumentStore } from '../../src/db/document-store.ts';
import { migrate, migrationsOf } from '../../src/db/migrate.ts';
import { charge } from '../../src/db/system/ledger.ts';
import { exportOf } from './arrivals.ts';
import { freshName, open, serverSettings } from './databases.ts';

const sql = join(import.meta.dirname, '..', '..', 'sql');

function migrationsUpTo(last: string): string[] {
  const files = readdirSync(join(sql, 'data')).sort();
  return files.slice(0, files.indexOf(last) + 1);
}

/** A database as it was with these migrations, filled, and upgraded. */
async function upgraded(
  set: 'data' | 'system',
  files: readonly string[],
  fill: readonly string[],
): Promise<Database> {
  const settings = { ...serverSettings(), database: freshName() };
  await migrate(settings, migrationsOf(sql, set, files));
  const database = open(settings.database);
  for (const statement of fill) await database.query(statement);
  await migrate(settings, migrationsOf(sql, set));
  return database;
}

describe('documents that were filed one to a message', async () => {
  const id = (n: number) => Buffer.from(n.toString(16).padStart(16, '0'), 'hex');
  const literal = (n: number) => `'\\x${id(n).toString('hex')}'::bytea`;
  // 1 filed and receipted; 2 filed, its receipt on its way; 3 filed, its receipt due; 4 refused, its receipt due.
  const database = await upgraded(
    'data',
    ['0001_ecr.sql', '0002_docstream.sql', '0003_xms.sql'],
    [
      `insert into "Naissance" ("Status", "Nom") values (2, 'A'), (2, 'B'), (2, 'C')`,
      `insert into xms.provenance (client, message_id, table_name, numero, numero_there, digest, content, signed)
       select 1000, decode(lpad(to_hex(i), 16, '0'), 'hex'), 'Naissance', i, i, sha256('d'), sha256('c'), 'signed'
         from generate_series(1, 3) i`,
      `insert into xms.inbox (at, client, message_id, service, table_name, outcome, numero, reason, size, topic, sdc)
       values (now(), 1000, ${literal(1)}, 'EXPORT', 'Naissance', 'filed', 1, null, 600, 'xms/u/1000', null),
              (now(), 1000, ${literal(4)}, 'EXPORT', 'Naissance', 'refused', null,
               '{"code": "column-missing", "params": {"column": "Sexe"}}', 600, 'xms/u/1000', 'sdc')`,
      `insert into xms.outbox (client, sdc, count, sent_at, leased_until)
       values (1000, 'first', 1, now(), null), (1000, 'second', 1, null, now() + interval '20 seconds')`,
      `insert into xms.receipt (client, about, outcome, numero, reason, digest, outbox)
       values (1000, ${literal(1)}, 'filed', 1, null, sha256('d'), 1),
              (1000, ${literal(2)}, 'filed', 2, null, sha256('d'), 2),
              (1000, ${literal(3)}, 'filed', 3, null, sha256('d'), null),
              (1000, ${literal(4)}, 'refused', null,
               '{"code": "column-missing", "params": {"column": "Sexe"}}', null, null)`,
      `insert into xms.unbilled (client, message_id, service, size) values (1000, ${literal(3)}, 'EXPORT', 600)`,
    ],
  );
  const store = new PostgresDocumentStore(database);
  const births = (await store.tables()).get('Naissance') as FormTable;

  it('keep what is to be done: send, seal, bill', async () => {
    expect((await store.counts()).waiting).toBe(3);
    expect(await store.unbilled(10)).toEqual([
      { client: 1000, messageId: id(3), index: 0, service: 'EXPORT', records: 1, bytes: 600 },
    ]);
    expect(await store.takeOutbox(10, 30_000)).toEqual([]);
    await database.query("update xms.outgoing set leased_until = leased_until - interval '21 seconds'");
    const [second] = await store.takeOutbox(10, 30_000);
    expect(second?.sdc.toString()).toBe('second');
    await store.markSent([second?.id as bigint]);
    const seen: DueReceipt[] = [];
    await store.sealDue(10, async due => {
      seen.push(...due);
      return [];
    });
    expect(seen).toMatchObject([
      { client: 1000, about: id(3), outcomes: [{ kind: 'filed', numero: 3n }], digest: expect.any(Buffer) },
      {
        client: 1000,
        about: id(4),
        outcomes: [{ kind: 'refused', reason: { code: 'column-missing', params: { column: 'Sexe' } } }],
      },
    ]);
  });

  it('keep their receipts: a message that comes again gets the one of then', async () => {
    const again = exportOf({ client: 1000, table: births, numero: 1, id: id(1) });
    if (!again.opened) throw new Error('not opened');
    const digest = (await database.query<{ d: Buffer }>("select sha256('d') as d"))[0]?.d as Buffer;
    const [outcome] = await store.file([{ ...again, opened: { ...again.opened, digest } }]);
    expect(outcome?.kind).toBe('duplicate');
    expect((await store.takeOutbox(10, 30_000)).map(({ sdc }) => sdc.toString())).toEqual(['first']);
  });

  it('keep their journal', async () => {
    const attempts = await listAttempts(database, { refused: false }, 10);
    expect(attempts.slice(-2)).toMatchObject([{ outcome: 'refused' }, { outcome: 'filed', numero: 1 }]);
    expect(await retriableAttempts(database, 0, 10)).toMatchObject([{ id: 2 }]);
    expect((await findAttempt(database, 1))?.signed?.toString()).toBe('signed');
    expect((await store.recentEvents(10)).filter(({ kind }) => kind === 'receipts')).toHaveLength(2);
  });
});

it('letters that were sent before they went twice do not all go again', async () => {
  const database = await upgraded('data', migrationsUpTo('0009_sent.sql'), [
    `insert into xms.outbox (client, sdc, count) values (1000, 'letter', 0)`,
    'insert into xms.sent (outbox) values (1)',
    `insert into xms.letter (key, outbox) values ('message 1', 1)`,
  ]);
  const store = new PostgresDocumentStore(database);
  const births = (await store.tables()).get('Naissance') as FormTable;
  await store.post([{ key: 'message 2', client: 1000, sdc: Buffer.from('new') }]);
  const entries = await store.takeOutbox(10, 30_000);
  await store.markSent(entries.map(({ id }) => id));
  await store.file([{ ...exportOf({ client: 1000, table: births, numero: 1 }), at: Date.now() + 2 }]);
  expect(await store.repeat(10)).toBe(1);
  expect((await store.takeOutbox(10, 30_000)).map(({ sdc }) => sdc.toString())).toEqual(['new']);
});

it('accounts keep their movements, and what was charged stays charged once', async () => {
  const database = await upgraded(
    'system',
    ['0001_directory.sql', '0002_money.sql', '0003_operation.sql', '0004_pki.sql'],
    [
      `insert into client (matricule, nom) values (1000, 'Mbalmayo')`,
      'insert into account (client, balance) values (1000, 975)',
      `insert into movement (client, kind, amount) values (1000, 'recharge', 1000)`,
      `insert into movement (client, kind, service, message_id, amount) values (1000, 'charge', 'EXPORT', '\\x01', -25)`,
      'update tariff set per_act = 25',
    ],
  );
  const one = {
    client: 1000,
    messageId: Buffer.from([1]),
    index: 0,
    service: 'EXPORT',
    records: 1,
    bytes: 600,
  } as const;
  await charge(database, [one, { ...one, index: 1 }]);
  expect(await database.query('select balance from account')).toEqual([{ balance: 950n }]);
  expect(await database.query('select index, amount from movement order by id')).toEqual([
    { index: 0, amount: 1000n },
    { index: 0, amount: -25n },
    { index: 1, amount: -25n },
  ]);
});
