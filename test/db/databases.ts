/** Databases of a test file's own, cloned from the templates of test/postgres.ts. They go with the server. */
import { randomBytes } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { Database, type DatabaseSettings, quoted } from '../../src/db/database.ts';

const opened: Database[] = [];
afterAll(() => Promise.all(opened.map(database => database.close())));

/** The server's maintenance database. */
export function serverSettings(): DatabaseSettings {
  return { ...inject('postgres'), database: 'postgres' };
}

/** A name that nothing else has. */
export function freshName(): string {
  return `test_${randomBytes(6).toString('hex')}`;
}

/** Runs one statement on the maintenance database. */
export async function onServer(statement: string): Promise<void> {
  const server = new Database(serverSettings(), 'test', 1);
  try {
    await server.query(statement);
  } finally {
    await server.close();
  }
}

/** A clone of a template, for the file that calls this while it is collected. `max`: connections of the pool. */
export async function clone(
  template: 'XMServerSystem' | 'XMServerData' | 'ECRData',
  max = 8,
): Promise<Database> {
  const name = freshName();
  await onServer(`create database ${name} template ${quoted(template)} strategy file_copy`);
  return open(name, max);
}

/** Another pool on a database: another process, as far as PostgreSQL can see. */
export function open(
  name: string,
  max = 8,
  login: Partial<Pick<DatabaseSettings, 'user' | 'password'>> = {},
): Database {
  const database = new Database({ ...serverSettings(), ...login, database: name }, 'test', max);
  opened.push(database);
  return database;
}

/** No new connection finds it, and the old ones are ended. Returns what brings it back. */
export async function lose({ settings: { database } }: Database): Promise<() => Promise<void>> {
  for (;;) {
    await onServer(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '${database}'`,
    );
    try {
      await onServer(`alter database ${database} rename to ${database}_gone`);
      return () => onServer(`alter database ${database}_gone rename to ${database}`);
    } catch {
      // A connection of the pool came back meanwhile.
    }
  }
}

/** Resolves when a session of this database waits for a lock. */
export async function untilBlocked(database: Database): Promise<void> {
  const query = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await database.query(query)).length === 0);
}
