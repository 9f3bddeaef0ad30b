/** An installation brought up: its databases created and upgraded, its keys made, in trial use its data filed. */
import { join } from 'node:path';
import type { DataFolder } from '../config.ts';
import type { StartStep } from '../core/console-ports.ts';
import { XmError } from '../core/errors.ts';
import { Database, type DatabaseSettings } from '../db/database.ts';
import { alone } from '../db/lock.ts';
import { migrate, migrationsOf } from '../db/migrate.ts';
import { type BrokerSettings, selectBroker, selectedBroker } from '../db/system/setting.ts';
import { environmentDatabasePassword, packageFolder } from '../environment.ts';
import { accountOf, brokerAccounts, serverAccountName } from './broker-accounts.ts';

import { databaseConnection } from './secure-connection.ts';
import { revokedServerKeys, type ServerKeys, serverKeys } from './server-keys.ts';
import { ensureServices, postgresPassword, runningServices } from './services.ts';
import { fileTrial, trialClient } from './trial.ts';

export const databaseNames = { system: 'XMServerSystem', data: 'XMServerData' } as const;

type Report = (step: StartStep) => void;

export interface OpenInstallation {
  readonly system: Database;
  readonly documents: Database;
  readonly keys: ServerKeys;
  readonly broker: BrokerSettings | undefined;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly applicationName: string;
  /** Starts the embedded services where they do not run, and files the trial data. */
  readonly embedded: boolean;
  readonly report?: Report;
}

/** Throws what the catalogue has for PostgreSQL, migrations, keys and folders; can be called again. */
export async function openInstallation(folder: DataFolder, options: OpenOptions): Promise<OpenInstallation> {
  const report = options.report ?? (() => undefined);
  const embedded = folder.settings.database === undefined;
  if (embedded && options.embedded) await startServices(folder, report);
  const server = databaseServer(folder);
  report({ id: 'databases', state: 'running' });
  const [system, documents] = await openDatabases(server, options.applicationName);
  try {
    report({ id: 'databases', state: 'done' });
    return await alone(system, 'first_start', async () => {
      report({ id: 'authority', state: 'running' });
      const keys = serverKeys(folder, Date.now(), await revokedServerKeys(system));
      report({ id: 'authority', state: 'done' });
      if (embedded) {
        await selectBroker(system, embeddedBroker(folder));
        report({ id: 'trial', state: 'running' });
        await fileTrial({ folder, server, system, keys, report });
        report({ id: 'trial', state: 'done' });
      }
      return {
        system,
        documents,
        keys,
        broker: await selectedBroker(system),
        close: async () => void (await Promise.all([system.close(), documents.close()])),
      };
    });
  } catch (error) {
    await Promise.all([system.close(), documents.close()]);
    throw error;
  }
}

/** Host, user and password of PostgreSQL: the configured one, or the embedded one where it runs. */
export function databaseServer(folder: DataFolder): Omit<DatabaseSettings, 'database'> {
  const { database, ports } = folder.settings;
  if (database) {
    const password = folder.secret('database-password') ?? environmentDatabasePassword() ?? '';
    return { ...databaseConnection(folder, database), password };
  }
  if (!ports || runningServices(folder) === undefined) throw new XmError('services-not-running');
  return {
    host: '127.0.0.1',
    port: ports.postgres,
    user: 'xmserver',
    password: folder.secret(postgresPassword) ?? '',
  };
}

async function startServices(folder: DataFolder, report: Report): Promise<void> {
  await ensureServices(folder, notice => {
    if (notice.kind === 'progress' && (notice.step === 'postgres' || notice.step === 'broker'))
      report({ id: notice.step, state: notice.state });
  });
  // Services that ran already have nothing to tell.
  for (const id of ['postgres', 'broker'] as const) report({ id, state: 'done' });
}

async function openDatabases(
  server: Omit<DatabaseSettings, 'database'>,
  applicationName: string,
): Promise<readonly [system: Database, documents: Database]> {
  await migrateServer(server);
  const open = (database: string) => new Database({ ...server, database }, applicationName);
  return [open(databaseNames.system), open(databaseNames.data)];
}

/** Creates the two databases where they are missing, and brings them up to date. */
export async function migrateServer(server: Omit<DatabaseSettings, 'database'>): Promise<void> {
  const sql = join(packageFolder(), 'sql');
  await Promise.all([
    migrate({ ...server, database: databaseNames.system }, migrationsOf(sql, 'system')),
    migrate({ ...server, database: databaseNames.data }, migrationsOf(sql, 'data')),
  ]);
}

function embeddedBroker(folder: DataFolder): Parameters<typeof selectBroker>[1] {
  const account = accountOf(brokerAccounts(folder, [trialClient.matricule]), serverAccountName);
  return {
    url: `mqtt://127.0.0.1:${folder.settings.ports?.broker}`,
    userName: account.userName,
    password: account.password,
  };
}
