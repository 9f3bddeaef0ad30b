/** The server process of a cluster: whether it runs, whether it answers, how it ends. */
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from './client.ts';
import { connectionOptions, type DatabaseSettings } from './database.ts';

export type ServerSettings = Omit<DatabaseSettings, 'database'>;

/** How long a server that runs may be silent; one that says that it recovers gets the time it needs. */
const silentMs = 30_000;
/** A fast shutdown that takes longer is made an immediate one, from which the next start recovers. */
const stopMs = 60_000;

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** It has started and lets sessions in. */
  readonly isReady: boolean;
}

/**
 * The server that runs on this folder (postmaster.pid, lines 1, 4 and 8); undefined: none does. After kill -9 or a reboot the file stays behind, and the number may be another process's by now: then PostgreSQL
 * itself would not dare to start, so the file goes.
 */
export function findPostmaster(folder: string): Postmaster | undefined {
  const file = join(folder, 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!pid || !port) return undefined;
  if (isPostmaster(pid, folder)) return { pid, port, isReady: lines[7]?.trim() === 'ready' };
  if (isAlive(pid)) rmSync(file, { force: true });
  return undefined;
}

/** Resolves true once the server of this folder lets us in; false when it ended, is another one, or stays silent. */
export async function answers(
  server: ServerSettings,
  folder: string,
  isRunning: () => boolean,
): Promise<boolean> {
  let deadline = Date.now() + silentMs;
  while (isRunning() && Date.now() < deadline) {
    const answer = await ask(server, folder);
    if (answer === 'ours') return true;
    if (answer === 'foreign') return false;
    if (answer === 'starting') deadline = Date.now() + silentMs;
    await sleep(25);
  }
  return false;
}

/** Ends the sessions, writes everything, and resolves when the process is gone. On Windows it is a crash: no signals. */
export async function stopPostmaster(pid: number, folder: string): Promise<void> {
  if (!isPostmaster(pid, folder)) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + stopMs;
  for (let urged = false; isPostmaster(pid, folder); await sleep(20)) {
    if (urged || Date.now() < deadline) continue;
    process.kill(pid, 'SIGQUIT');
    urged = true;
  }
}

export function isPostmaster(pid: number, folder: string): boolean {
  if (process.platform !== 'linux') return isAlive(pid);
  try {
    // The server works in its data directory; a process that has ended and waits for its parent works nowhere.
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false;
  }
}

async function ask(
  server: ServerSettings,
  folder: string,
): Promise<'ours' | 'foreign' | 'starting' | 'silent'> {
  const client = new Client(connectionOptions({ ...server, database: 'postgres' }, 'xmserver start'));
  client.on('error', () => undefined); // told by the query
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return resolve(rows[0]?.data_directory ?? '') === resolve(folder) ? 'ours' : 'foreign';
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === '57P03') return 'starting';
    return code === 'ECONNREFUSED' ? 'silent' : 'foreign';
  } finally {
    await client.end().catch(() => undefined); // never connected
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
