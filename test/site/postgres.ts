/** The site's PostgreSQL: every commit on disk; killed and started again in between. */
import { join } from 'node:path';
import type { DataFolder } from '../../src/config.ts';
import type { DatabaseSettings } from '../../src/db/database.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../src/db/embedded-postgres.ts';
import { migrate, migrationsOf } from '../../src/db/migrate.ts';
import { isPostmaster, sleep } from '../../src/db/postmaster.ts';

const sql = join(import.meta.dirname, '..', '..', 'sql');

export interface SitePostgres {
  readonly server: Omit<DatabaseSettings, 'database'>;
  readonly pid: number;
  /** Of the cluster. */
  readonly folder: string;
  /** kill -9 of the postmaster; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port; resolves when it lets sessions in. */
  revive(): Promise<void>;
  close(): Promise<void>;
}

export async function startPostgres(folder: DataFolder): Promise<SitePostgres> {
  const start = (preferredPort: number) =>
    startEmbeddedPostgres({
      folder: folder.at('postgres'),
      passwordFile: folder.at('secrets', 'database-password'),
      logFile: folder.at('log', 'postgres.log'),
      preferredPort,
    });
  let running: EmbeddedPostgres = await start(0);
  const { server } = running;
  return {
    server,
    get pid() {
      return running.pid;
    },
    folder: running.folder,
    async kill() {
      process.kill(running.pid, 'SIGKILL');
      // It is no child of ours once it has started: no event tells.
      while (isPostmaster(running.pid, running.folder)) await sleep(5);
    },
    async revive() {
      running = await start(server.port);
      if (running.server.port !== server.port) throw new Error(`port ${server.port} was taken meanwhile`);
    },
    close: () => stopEmbeddedPostgres(running),
  };
}

/** The two databases of the server. */
export async function makeDatabases(server: SitePostgres['server']): Promise<void> {
  await Promise.all([
    migrate({ ...server, database: 'XMServerSystem' }, migrationsOf(sql, 'system')),
    migrate({ ...server, database: 'XMServerData' }, migrationsOf(sql, 'data')),
  ]);
}

/** A station's database of this name. */
export async function makeStationDatabase(settings: DatabaseSettings): Promise<void> {
  await migrate(settings, [...migrationsOf(sql, 'data', ['0001_ecr.sql']), ...migrationsOf(sql, 'station')]);
}
