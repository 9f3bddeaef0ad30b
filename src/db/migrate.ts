/**
 * Creates databases and brings them up to date: numbered files, each recorded with its hash, and whole or not at all.
 * Any number of processes may do it at once; an advisory lock lets one work and the others find it done. Lock and files
 * are of one transaction: behind a pooler in transaction mode a session's lock would stay with a connection that
 * somebody else has next, for ever.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import pg from 'pg';
import { XmError } from '../core/errors.ts';
import { Client } from './client.ts';
import {
  connectionOptions,
  type DatabaseSettings,
  isConnectionFault,
  quoted,
  translated,
} from './database.ts';
import { refusedLogin } from './refused-login.ts';

interface Migration {
  /** `data/0001_ecr` */
  readonly name: string;
  readonly sql: string;
  readonly hash: string;
}

/** The migrations of a set: a folder of sql/, or single files of one, in the order of their numbers. */
export function migrationsOf(sqlFolder: string, set: string, files?: readonly string[]): Migration[] {
  const names =
    files ??
    readdirSync(join(sqlFolder, set))
      .filter(name => /^\d{4}_\w+\.sql$/.test(name))
      .sort();
  return names.map(name => {
    // A checkout on Windows may have other line ends: the migration is the same.
    const sql = readFileSync(join(sqlFolder, set, name), 'utf8').replaceAll('\r\n', '\n');
    return {
      name: `${set}/${basename(name, '.sql')}`,
      sql,
      hash: createHash('sha256').update(sql).digest('hex'),
    };
  });
}

/**
 * Creates the database where it is missing and applies what it lacks; returns the names of the migrations applied.
 * Throws `database-unreachable`, `database-password`, `database-user`, `database-tls`, `database-certificate`, `database-pooler`, `database-create`, `database-newer` (it has migrations that this
 * program does not know) and `database-migration` (one failed, or has been changed since it was applied).
 */
export async function migrate(
  settings: DatabaseSettings,
  migrations: readonly Migration[],
): Promise<string[]> {
  const client = await connectCreating(settings);
  try {
    return await applyMissing(client, settings.database, migrations);
  } catch (error) {
    throw translated(error, settings);
  } finally {
    await client.end();
  }
}

async function connectCreating(settings: DatabaseSettings): Promise<Client> {
  try {
    return await connect(settings);
  } catch (error) {
    if (isUnknownToPooler(error)) {
      const host = `${settings.host}:${settings.port}`;
      throw new XmError('database-pooler', { host, database: settings.database }, { cause: error });
    }
    if (!(error instanceof pg.DatabaseError && error.code === '3D000')) throw refusedLogin(error, settings);
  }
  const maintenance = { ...settings, database: 'postgres' };
  try {
    const admin = await connect(maintenance);
    try {
      await admin.query(`create database ${quoted(settings.database)} encoding 'UTF8' template template0`);
    } catch (error) {
      const state = error instanceof pg.DatabaseError ? error.code : undefined;
      if (state === '42501') throw mayNotCreate(settings, error as pg.DatabaseError);
      // Somebody else was faster: duplicate_database, or the unique index behind it.
      if (state !== '42P04' && state !== '23505') throw error;
    } finally {
      await admin.end();
    }
    return await connect(settings);
  } catch (error) {
    throw refusedLogin(error, maintenance);
  }
}

function mayNotCreate({ host, port, user, database }: DatabaseSettings, cause: Error): XmError {
  const params = { host: `${host}:${port}`, user, database, detail: cause.message };
  return new XmError('database-create', params, { cause });
}

/** PgBouncer says so in its own words, or passes PostgreSQL's on under its own code. */
function isUnknownToPooler(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError &&
    error.code === '08P01' &&
    /no such database|database .+ does not exist/.test(error.message)
  );
}

async function connect(settings: DatabaseSettings): Promise<Client> {
  const client = new Client(connectionOptions(settings, 'xmserver migrate'));
  client.on('error', () => undefined); // the running query rejects with it
  await client.connect();
  return client;
}

async function applyMissing(
  client: Client,
  database: string,
  migrations: readonly Migration[],
): Promise<string[]> {
  // Read committed, whatever the database's default: after the wait for the lock, what others committed must be seen.
  await client.query('begin isolation level read committed');
  await client.query("select pg_advisory_xact_lock(hashtextextended('xms_migration', 0))");
  await client.query(
    `create table if not exists public.xms_migration
       (name text primary key, hash text not null, applied_at timestamptz not null default now())`,
  );
  const { rows } = await client.query<{ name: string; hash: string }>(
    'select name, hash from public.xms_migration',
  );
  const applied = new Map(rows.map(({ name, hash }) => [name, hash]));
  const known = new Set(migrations.map(({ name }) => name));
  const strange = rows
    .map(({ name }) => name)
    .filter(name => !known.has(name))
    .sort();
  if (strange.length > 0) {
    const found = strange.at(-1) as string;
    throw new XmError('database-newer', { database, found, known: migrations.at(-1)?.name ?? '' });
  }
  const done: string[] = [];
  for (const migration of migrations) {
    const hash = applied.get(migration.name);
    if (hash === migration.hash) continue;
    if (hash !== undefined) throw failed(migration, database, 'changed since it was applied');
    await apply(client, migration, database);
    done.push(migration.name);
  }
  await client.query('commit');
  return done;
}

/** What came before a file that fails stays. */
async function apply(client: Client, { name, sql, hash }: Migration, database: string): Promise<void> {
  try {
    await client.query('savepoint migration');
    await client.query(sql);
    await client.query('insert into public.xms_migration (name, hash) values ($1, $2)', [name, hash]);
    // Checks that the file has put off are due now, not when all are done.
    await client.query('set constraints all immediate; release migration');
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || isConnectionFault(error)) throw error;
    await client.query('rollback to migration; commit');
    throw failed({ name }, database, error.message, error);
  }
}

function failed({ name }: Pick<Migration, 'name'>, database: string, detail: string, cause?: Error): XmError {
  return new XmError('database-migration', { name, database, detail }, { cause });
}
