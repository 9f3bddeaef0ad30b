/**
 * A centre that has worked for years: records with their provenance, attempts, answers and charges, written by
 * PostgreSQL itself. Indexes are left out meanwhile and made in the end, which is several times faster; autovacuum is
 * off until then, and the tables are vacuumed, as they would be after so many months.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { connectionOptions } from '../../src/db/database.ts';
import type { Site } from '../../test/site/site.ts';

/** Records written by one statement. */
const step = 250_000;
/** Receipts that one SDC to a client has held. */
const receiptsEach = 10;

interface Table {
  readonly name: string;
  /** Rows number $1 to $2; where they name a client, $3: offices, $4: the first one's matricule. */
  readonly rows: string;
}

/** Of the offices in turn. */
const matricule = '$4::int + (i % $3::int)::int';
/** As stations draw them: the time, a message every six seconds since 2024, then what no other has. */
const messageId = `decode(lpad(to_hex(1704067200 + i * 6), 8, '0') || substr(md5('message ' || i), 1, 8), 'hex')`;
const sha256 = (what: string) => `sha256(convert_to('${what} ' || i, 'UTF8'))`;
const series = 'generate_series($1::bigint, $2::bigint) i';
const answers = `generate_series(($1::bigint - 1) / ${receiptsEach} + 1, $2::bigint / ${receiptsEach}) i`;

/** As two sessions fill them side by side; about 500 bytes of a record, 450 of its signed original. */
const documents: readonly (readonly Table[])[] = [
  [
    {
      name: '"Naissance"',
      rows: `("Numero", "Status", "NumeroActe", "Region", "Departement", "Arrondissement", "Centre", "Nom", "Prenoms",
          "Sexe", "DateNaissance", "LieuNaissance", "NomPere", "DateNaissancePere", "ProfessionPere", "NomMere",
          "DateNaissanceMere", "ProfessionMere", "ResidenceMere", "Declarant", "DateActe")
        select i, 2, i || '/2024', 'Littoral', 'Wouri', 'Douala ' || i % 6, 'Bonassama', upper(substr(md5('n' || i), 1, 9)),
               substr(md5('p' || i), 1, 14), case i % 2 when 0 then 'F' else 'M' end, date '2000-01-01' + (i % 8000)::int,
               'Hôpital de Bonassama', substr(md5('f' || i), 1, 16), date '1970-01-01' + (i % 9000)::int, 'instituteur',
               substr(md5('g' || i), 1, 16), date '1975-01-01' + (i % 9000)::int, 'mareyeuse', 'Bonabéri',
               substr(md5('g' || i), 1, 16), date '2000-02-01' + (i % 8000)::int
          from ${series}`,
    },
    {
      name: 'xms.outbox',
      rows: `(id, client, sdc, count) overriding system value
        select i, ${matricule}, decode(repeat(md5('s' || i), 38), 'hex'), ${receiptsEach} from ${answers}`,
    },
    { name: 'xms.sent', rows: `(outbox) select i from ${answers}` },
  ],
  [
    {
      name: 'xms.provenance',
      rows: `(client, message_id, table_name, numero, numero_there, digest, content, signed)
        select ${matricule}, ${messageId}, 'Naissance', i, i, ${sha256('payload')}, ${sha256('record')},
               decode(repeat(md5('o' || i), 28), 'hex')
          from ${series}`,
    },
    {
      name: 'xms.inbox',
      rows: `(at, client, message_id, service, table_name, outcome, numero, size, topic)
        select now(), ${matricule}, ${messageId}, 'EXPORT', 'Naissance', 'filed', i, 540, 'xms/u/' || ${matricule}
          from ${series}`,
    },
    {
      name: 'xms.answer',
      rows: `(client, about, outbox)
        select ${matricule}, ${messageId}, (i - 1) / ${receiptsEach} + 1 from ${series}`,
    },
  ],
];

const system: readonly (readonly Table[])[] = [
  [
    {
      name: 'movement',
      rows: `(client, kind, service, message_id, records, bytes, amount)
        select ${matricule}, 'charge', 'EXPORT', ${messageId}, 1, 540, 0 from ${series}`,
    },
  ],
];

/** Resolves with what it took. `count`: a multiple of 250 000; `say` is told of each step. */
export async function fill(
  site: Site,
  count: number,
  say: (line: string) => void,
): Promise<{ readonly minutes: number; readonly gigabytes: number }> {
  const startedAt = performance.now();
  const since = () => `${Math.round((performance.now() - startedAt) / 1000)} s`;
  await configure(site, fillingSettings);
  const lanes = [
    ...documents.map(tables => ({ settings: site.documents.settings, tables })),
    ...system.map(tables => ({ settings: site.system.settings, tables })),
  ];
  const clients = await Promise.all(lanes.map(({ settings }) => connect(settings)));
  try {
    const work = <T>(what: (client: pg.Client, tables: readonly Table[]) => Promise<T>) =>
      Promise.all(lanes.map(({ tables }, i) => what(clients[i] as pg.Client, tables)));
    const indexes = await work(dropIndexes);
    for (let done = 0; done < count; done += step) {
      await work((client, tables) => insert(client, tables, site, done + 1, done + step));
      say(`  filling: ${done + step} of ${count} records, ${since()}`);
    }
    await Promise.all(indexes.map((made, i) => remake(clients[i] as pg.Client, made)));
    say(`  filling: indexes made, ${since()}`);
    await clients[0]?.query(
      `select setval(pg_get_serial_sequence('"Naissance"', 'Numero'), ${count}),
              setval(pg_get_serial_sequence('xms.outbox', 'id'), ${count / receiptsEach})`,
    );
    await work(async (client, tables) => {
      for (const { name } of tables) await client.query(`vacuum (freeze, analyze) ${name}`);
    });
    await configure(site, centreSettings());
    await clients[0]?.query('checkpoint');
    say(`  filling: vacuumed and analysed, ${since()}`);
    return { minutes: (performance.now() - startedAt) / 60_000, gigabytes: await size(clients[0]) };
  } finally {
    await Promise.all(clients.map(client => client.end()));
  }
}

const fillingSettings = ['autovacuum = off', `max_wal_size = '8GB'`, `checkpoint_timeout = '30min'`] as const;

const conf = join(import.meta.dirname, '..', '..', 'deploy', 'postgresql', 'xmserver.conf');
/** What a running server takes of it and matters here: a page is written whole to the WAL once after each checkpoint. */
const reloaded = /^(checkpoint_timeout|max_wal_size|wal_compression) = (.*)$/gm;

/** A centre is set up as `deploy/` says. */
export function centreSettings(): string[] {
  const found = readFileSync(conf, 'utf8').matchAll(reloaded);
  return Array.from(found, ([, name, value]) => `${name} = '${value}'`);
}

/** PostgreSQL's own again, and then these. */
export async function configure(site: Site, settings: readonly string[]): Promise<void> {
  await site.documents.query('alter system reset all');
  for (const setting of settings) await site.documents.query(`alter system set ${setting}`);
  await site.documents.query('select pg_reload_conf()');
}

async function connect(settings: Site['documents']['settings']): Promise<pg.Client> {
  // One of its own: making an index takes longer than any query of ours may.
  const client = new pg.Client(connectionOptions(settings, 'filling'));
  await client.connect();
  await client.query(`set synchronous_commit = off; set maintenance_work_mem = '512MB'`);
  return client;
}

interface Index {
  readonly drop: string;
  readonly make: string;
}

async function dropIndexes(client: pg.Client, tables: readonly Table[]): Promise<Index[]> {
  const { rows } = await client.query<Index>(
    `select case when c.oid is null then format('drop index %s', i.indexrelid::regclass)
                 else format('alter table %s drop constraint %I', i.indrelid::regclass, c.conname) end as drop,
            case when c.oid is null then pg_get_indexdef(i.indexrelid)
                 else format('alter table %s add constraint %I %s', i.indrelid::regclass, c.conname,
                             pg_get_constraintdef(c.oid)) end as make
       from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
      where i.indrelid = any($1::text[]::regclass[])`,
    [tables.map(({ name }) => name)],
  );
  for (const { drop } of rows) await client.query(drop);
  return rows;
}

async function remake(client: pg.Client, indexes: readonly Index[]): Promise<void> {
  for (const { make } of indexes) await client.query(make);
}

async function insert(
  client: pg.Client,
  tables: readonly Table[],
  { offices }: Site,
  from: number,
  to: number,
): Promise<void> {
  for (const { name, rows } of tables) {
    const ofClients = rows.includes(matricule) ? [offices.length, offices[0]?.matricule] : [];
    await client.query(`insert into ${name} ${rows}`, [from, to, ...ofClients]);
  }
}

async function size(client: pg.Client | undefined): Promise<number> {
  const found = await client?.query<{ bytes: string }>(
    'select sum(pg_database_size(oid))::text as bytes from pg_database',
  );
  return Number(found?.rows[0]?.bytes ?? 0) / 1e9;
}
