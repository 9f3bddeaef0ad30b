/**
 * One embedded PostgreSQL for the whole run, with a template of each of our databases. Tests clone them
 * (test/db/databases.ts); in the end the server and its folder go, however the run went.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { Database, type DatabaseSettings } from '../src/db/database.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { migrate, migrationsOf } from '../src/db/migrate.ts';
import { findPostmaster, isAlive, isPostmaster, stopPostmaster } from '../src/db/postmaster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: Omit<DatabaseSettings, 'database'>;
  }
}

/** Losing a test's data is no loss. */
const hasty = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' } as const;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftBehind();
  const home = mkdtempSync(join(tmpdir(), `xms-postgres-${process.pid}-`));
  // Root's PostgreSQL runs under another account, which must get in.
  chmodSync(home, 0o755);
  const postgres = await startEmbeddedPostgres({
    folder: join(home, 'cluster'),
    passwordFile: join(home, 'password'),
    logFile: join(home, 'log'),
    preferredPort: 0,
  });
  // Where vitest is interrupted it leaves at once, without what is returned here.
  const onExit = () => {
    process.kill(postgres.pid, 'SIGQUIT');
    const clock = new Int32Array(new SharedArrayBuffer(4));
    while (isPostmaster(postgres.pid, postgres.folder)) Atomics.wait(clock, 0, 0, 10);
    rmSync(home, { recursive: true, force: true });
  };
  process.once('exit', onExit);
  await makeHasty(postgres.server);
  await makeTemplates(postgres.server);
  project.provide('postgres', postgres.server);
  return async () => {
    process.off('exit', onExit);
    await stopEmbeddedPostgres(postgres);
    rmSync(home, { recursive: true, force: true });
  };
}

/** Servers of runs that were killed before they could end them. */
async function removeLeftBehind(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const run = Number(/^xms-postgres-(\d+)-/.exec(name)?.[1]);
    if (!run || isAlive(run)) continue;
    const home = join(tmpdir(), name);
    const folder = join(home, 'cluster');
    const postmaster = findPostmaster(folder);
    if (postmaster) await stopPostmaster(postmaster.pid, folder);
    rmSync(home, { recursive: true, force: true });
  }
}

async function makeHasty(server: Omit<DatabaseSettings, 'database'>): Promise<void> {
  const database = new Database({ ...server, database: 'postgres' }, 'test');
  for (const [name, value] of Object.entries(hasty))
    await database.query(`alter system set ${name} = ${value}`);
  await database.query('select pg_reload_conf()');
  await database.close();
}

async function makeTemplates(server: Omit<DatabaseSettings, 'database'>): Promise<void> {
  const sql = join(import.meta.dirname, '..', 'sql');
  const forms = migrationsOf(sql, 'data', ['0001_ecr.sql']);
  await Promise.all([
    migrate({ ...server, database: 'XMServerSystem' }, migrationsOf(sql, 'system')),
    migrate({ ...server, database: 'XMServerData' }, migrationsOf(sql, 'data')),
    migrate({ ...server, database: 'ECRData' }, [...forms, ...migrationsOf(sql, 'station')]),
  ]);
}
