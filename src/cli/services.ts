/**
 * `xmserver services`: the embedded PostgreSQL and broker, as a process of its own. PostgreSQL lives on when this one
 * dies, and is taken over by the next; the broker goes with it.
 */
import type { DataFolder } from '../config.ts';
import { pause } from '../core/pause.ts';
import {
  type EmbeddedPostgres,
  findEmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../db/embedded-postgres.ts';
import type { EmbeddedBroker } from '../mqtt/embedded-broker.ts';
import { failed, type Notice, notify, startInBackground } from './background.ts';
import { brokerAccounts } from './broker-accounts.ts';
import { keepLogShort } from './log-file.ts';
import { claimRunFile, endProcess, isReady, markReady, removeRunFile, runningPid } from './run-file.ts';
import { untilEnded } from './signals.ts';
import { trialClient } from './trial.ts';

/** Beside the ports that a PostgreSQL or a broker of the machine's own would take. */
const usualPorts = { postgres: 54_320, broker: 18_830 } as const;

export async function runServices(folder: DataFolder): Promise<number> {
  if (!claimRunFile(folder, 'services')) {
    await untilReady(folder);
    notify({ kind: 'ready' });
    return 0;
  }
  try {
    const services = await startServices(folder);
    markReady(folder, 'services');
    keepLogShort(folder.at('log', 'services.log'));
    notify({ kind: 'ready' });
    await untilEnded();
    await services.broker.close();
    await stopEmbeddedPostgres(services.postgres);
  } finally {
    removeRunFile(folder, 'services');
  }
  return 0;
}

/** Has the services started in the background unless they run; resolves when both answer. */
export async function ensureServices(
  folder: DataFolder,
  onNotice: (notice: Notice) => void,
): Promise<{ readonly started: boolean }> {
  if (runningServices(folder) !== undefined) {
    await untilReady(folder);
    if (runningServices(folder) !== undefined) return { started: false };
  }
  const args = ['services', '--data', folder.path];
  const end = await startInBackground({ folder, program: 'xmserver', args, log: 'services', onNotice });
  if (end) throw failed(end, 'postgres-start');
  return { started: true };
}

/** The process id of the services; undefined: they do not run. */
export function runningServices(folder: DataFolder): number | undefined {
  return runningPid(folder, 'services');
}

/** Whether there is a broker or a PostgreSQL to be ended, also one that outlived its services. */
export async function servicesLeft(folder: DataFolder): Promise<boolean> {
  return (
    runningServices(folder) !== undefined || (await findEmbeddedPostgres(postgresPlace(folder))) !== undefined
  );
}

export async function stopServices(folder: DataFolder): Promise<void> {
  await endProcess(folder, 'services', 60_000);
  const postgres = await findEmbeddedPostgres(postgresPlace(folder));
  if (postgres) await stopEmbeddedPostgres(postgres);
}

async function startServices(
  folder: DataFolder,
): Promise<{ readonly postgres: EmbeddedPostgres; readonly broker: EmbeddedBroker }> {
  const preferred = folder.settings.ports ?? usualPorts;
  notify({ kind: 'progress', step: 'postgres', state: 'running' });
  const postgres = await startEmbeddedPostgres({
    ...postgresPlace(folder),
    logFile: folder.at('log', 'postgres.log'),
    preferredPort: preferred.postgres,
  });
  notify({ kind: 'progress', step: 'postgres', state: 'done' });
  notify({ kind: 'progress', step: 'broker', state: 'running' });
  // Whoever only asks whether they run needs no broker in its memory.
  const { startEmbeddedBroker } = await import('../mqtt/embedded-broker.ts');
  const broker = await startEmbeddedBroker({
    host: '127.0.0.1',
    preferredPort: preferred.broker,
    accounts: brokerAccounts(folder, [trialClient.matricule]),
  });
  notify({ kind: 'progress', step: 'broker', state: 'done' });
  folder.set({ ports: { postgres: postgres.server.port, broker: broker.port } });
  return { postgres, broker };
}

function postgresPlace(folder: DataFolder): { readonly folder: string; readonly passwordFile: string } {
  return { folder: folder.at('postgres'), passwordFile: folder.at('secrets', postgresPassword) };
}

/** Name of the secret that holds the password of the embedded PostgreSQL. */
export const postgresPassword = 'postgres-password';

/** Resolves when the services that another process starts are ready, or are gone. */
async function untilReady(folder: DataFolder): Promise<void> {
  const never = new AbortController().signal;
  // They are not our children: there is no event to wait for.
  while (runningServices(folder) !== undefined && !isReady(folder, 'services')) await pause(50, never);
}
