/**
 * The real PostgreSQL, brought along: for trial use, and for small sites that have none.
 *
 * The server is nobody's child: it outlives whoever started it, and the next to come takes it over. It listens on
 * 127.0.0.1 only, with a password.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { XmError } from '../core/errors.ts';
import { connectionOptions, type DatabaseSettings } from './database.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { canEnter, postgresAccount, type SystemAccount } from './system-account.ts';

export interface EmbeddedPostgresOptions {
  /** Where the cluster is wanted. Root's PostgreSQL uses another place if its account cannot get there. */
  readonly folder: string;
  /** Holds the superuser's password, mode 0600; made when missing. */
  readonly passwordFile: string;
  readonly logFile: string;
  /** Used if it is free. */
  readonly preferredPort: number;
  readonly report?: (step: 'init' | 'start') => void;
}

export interface EmbeddedPostgres {
  readonly server: Omit<DatabaseSettings, 'database'>;
  readonly pid: number;
  /** Where the cluster really lies. */
  readonly folder: string;
}

const user = 'xmserver';
/** Where root's PostgreSQL keeps what its account must be able to reach. */
const sharedFolder = '/var/lib/xmserver';
const startMs = 30_000;

/** Settings that suit a laptop, and that matter: UTF-8, no remote access, every commit on disk. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '128MB',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Starts the server, or takes over the one that runs. Throws `postgres-missing` and `postgres-start`. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = postgresAccount();
  const folder = clusterFolder(options.folder, account);
  const password = passwordOf(options.passwordFile);
  const running = await runningServer(folder, password);
  if (running) return running;
  const binaries = postgresBinaries(
    account,
    account ? sharedFolder : join(dirname(options.folder), 'runtime'),
  );
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    options.report?.('init');
    await initialise(binaries, folder, password, account, options.logFile);
  }
  options.report?.('start');
  for (let attempt = 0; ; attempt++) {
    const port =
      attempt === 0 && (await isFree(options.preferredPort)) ? options.preferredPort : await freePort();
    const pid = await start(binaries, folder, port, password, account, options.logFile);
    if (pid !== undefined) return { server: { host: '127.0.0.1', port, user, password }, pid, folder };
    // Somebody may have taken the port between the look and the start.
    if (attempt === 4) throw startFault(options.logFile);
  }
}

/** The server of this folder, if it runs and lets us in; undefined: it does not. */
export async function findEmbeddedPostgres(
  options: Pick<EmbeddedPostgresOptions, 'folder' | 'passwordFile'>,
): Promise<EmbeddedPostgres | undefined> {
  if (!existsSync(options.passwordFile)) return undefined;
  return runningServer(clusterFolder(options.folder, postgresAccount()), passwordOf(options.passwordFile));
}

/** A fast shutdown: sessions are ended, everything is written, nothing needs recovery. Resolves when it is gone. */
export async function stopEmbeddedPostgres({ pid }: EmbeddedPostgres): Promise<void> {
  process.kill(pid, 'SIGINT');
  while (isAlive(pid)) await sleep(20);
}

function clusterFolder(wanted: string, account: SystemAccount | undefined): string {
  mkdirSync(dirname(wanted), { recursive: true });
  if (!account || canEnter(account, dirname(wanted))) return wanted;
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  return join(sharedFolder, `cluster-${name}`);
}

function passwordOf(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** postmaster.pid: line 1 the pid, line 4 the port. After kill -9 or a reboot it stays behind, so we ask the server. */
async function runningServer(folder: string, password: string): Promise<EmbeddedPostgres | undefined> {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!pid || !port || !isAlive(pid)) return undefined;
  const server = { host: '127.0.0.1', port, user, password };
  const deadline = Date.now() + startMs;
  // It may be starting, or recovering from a crash.
  while (isAlive(pid) && Date.now() < deadline) {
    const answer = await ask(server);
    if (answer === folder) return { server, pid, folder };
    if (answer !== 'not yet') return undefined;
    await sleep(50);
  }
  return undefined;
}

/** The data directory of the server that answers; 'not yet': it starts; undefined: nobody, or somebody else. */
async function ask(server: Omit<DatabaseSettings, 'database'>): Promise<string | 'not yet' | undefined> {
  const client = new pg.Client(connectionOptions({ ...server, database: 'postgres' }, 'xmserver start'));
  client.on('error', () => undefined); // told by the query
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory;
  } catch (error) {
    const code = (error as { code?: string }).code;
    return code === '57P03' || code === 'ECONNREFUSED' ? 'not yet' : undefined;
  } finally {
    await client.end().catch(() => undefined); // never connected
  }
}

/** Made aside and put in place when whole, so that an interrupted start leaves nothing half-made. */
async function initialise(
  { initdb }: PostgresBinaries,
  folder: string,
  password: string,
  account: SystemAccount | undefined,
  logFile: string,
): Promise<void> {
  const making = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [making, passwordFile]) chownSync(path, account.uid, account.gid);
  const args = [
    ...['-D', making, '-U', user, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'],
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
  ];
  try {
    const child = run(initdb, args, dirname(folder), account, logFile);
    const code = await new Promise<number | null>((resolve, reject) =>
      child.on('error', reject).on('exit', resolve),
    );
    if (code !== 0) throw startFault(logFile);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(making, folder);
}

/** The pid of the server once it answers; undefined: it ended before that. */
async function start(
  { postgres }: PostgresBinaries,
  folder: string,
  port: number,
  password: string,
  account: SystemAccount | undefined,
  logFile: string,
): Promise<number | undefined> {
  const args = ['-D', folder, '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const child = run(postgres, args, dirname(folder), account, logFile);
  let ended = false;
  child.on('error', () => {
    ended = true;
  });
  child.on('exit', () => {
    ended = true;
  });
  const deadline = Date.now() + startMs;
  while (!ended) {
    if ((await ask({ host: '127.0.0.1', port, user, password })) === folder) {
      child.unref();
      return child.pid;
    }
    if (Date.now() > deadline) {
      child.kill('SIGQUIT');
      throw startFault(logFile);
    }
    await sleep(25);
  }
  return undefined;
}

function run(
  file: string,
  args: string[],
  cwd: string,
  account: SystemAccount | undefined,
  logFile: string,
): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(file, args, {
      // PostgreSQL looks at its working directory: it must be one that its account can enter.
      cwd,
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
    });
  } finally {
    closeSync(log);
  }
}

function startFault(logFile: string): XmError {
  const detail = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  return new XmError('postgres-start', { detail, log: logFile });
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}
