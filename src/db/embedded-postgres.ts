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
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { XmError } from '../core/errors.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import {
  answers,
  findPostmaster,
  isAlive,
  isPostmaster,
  type ServerSettings,
  sleep,
  stopPostmaster,
} from './postmaster.ts';
import { canEnter, ownerOf, postgresAccount, type SystemAccount } from './system-account.ts';

export interface EmbeddedPostgresOptions {
  /** Where the cluster is wanted. Root's PostgreSQL uses another place if its account cannot get there. */
  readonly folder: string;
  /** Holds the superuser's password, mode 0600; made when missing. */
  readonly passwordFile: string;
  readonly logFile: string;
  /** Used if it is free; 0: any. */
  readonly preferredPort: number;
  readonly report?: (step: 'init' | 'start') => void;
}

export interface EmbeddedPostgres {
  readonly server: ServerSettings;
  readonly pid: number;
  /** Where the cluster really lies. */
  readonly folder: string;
}

const host = '127.0.0.1';
const user = 'xmserver';
/** Where root's PostgreSQL keeps what its account must be able to reach. */
const sharedFolder = '/var/lib/xmserver';
/** The processes of a server that was killed need a moment to notice; so does another start of the same folder. */
const startAttempts = 6;
const attemptPauseMs = 300;

/** Settings that suit a laptop, and that matter: UTF-8, no remote access, every commit on disk. */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: host,
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '128MB',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** What a cluster is started with. */
interface Cluster {
  readonly folder: string;
  /** Undefined: ourselves. */
  readonly account: SystemAccount | undefined;
  readonly password: string;
  readonly logFile: string;
  /** Where in the log this start begins. */
  readonly logStart: number;
}

/** Starts the server, or takes over the one that runs. Throws `postgres-missing` and `postgres-start`. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { passwordFile, logFile, report } = options;
  const { folder, account } = placeOf(options.folder);
  const logStart = existsSync(logFile) ? statSync(logFile).size : 0;
  const cluster = { folder, account, password: passwordOf(passwordFile), logFile, logStart };
  const running = await runningServer(cluster);
  if (running) return running;
  const binaries = postgresBinaries(account, account ? sharedFolder : join(dirname(folder), 'runtime'));
  if (!existsSync(join(folder, 'PG_VERSION'))) {
    report?.('init');
    await initialise(binaries, cluster);
  }
  report?.('start');
  for (let attempt = 1; attempt <= startAttempts; attempt++) {
    if (attempt > 1) await sleep(attempt * attemptPauseMs);
    const started = (await start(binaries, cluster, options.preferredPort)) ?? (await runningServer(cluster));
    if (started) return started;
  }
  throw startFault(cluster);
}

/** The server of this folder, if it runs and lets us in; undefined: it does not. */
export async function findEmbeddedPostgres(
  options: Pick<EmbeddedPostgresOptions, 'folder' | 'passwordFile'>,
): Promise<EmbeddedPostgres | undefined> {
  if (!existsSync(options.passwordFile)) return undefined;
  return runningServer({
    folder: placeOf(options.folder).folder,
    password: passwordOf(options.passwordFile),
  });
}

export function stopEmbeddedPostgres({ pid, folder }: EmbeddedPostgres): Promise<void> {
  return stopPostmaster(pid, folder);
}

/** Where the cluster lies, and whose it is: its owner's once it is made, whoever else could have made it. */
function placeOf(wanted: string): { readonly folder: string; readonly account: SystemAccount | undefined } {
  const place = resolve(wanted);
  mkdirSync(dirname(place), { recursive: true });
  const account = postgresAccount();
  if (!account) return { folder: place, account };
  const name = createHash('sha256').update(place).digest('hex').slice(0, 16);
  const reachable = existsSync(place) || canEnter(account, dirname(place));
  const folder = reachable ? place : join(sharedFolder, `cluster-${name}`);
  return { folder, account: existsSync(folder) ? ownerOf(folder) : account };
}

/** Made where it is missing; of several that do it at once all have that of the first, and none a half-written one. */
function passwordOf(file: string): string {
  if (!existsSync(file)) {
    const made = `${file}.${process.pid}`;
    writeFileSync(made, randomBytes(24).toString('base64url'), { mode: 0o600 });
    try {
      linkSync(made, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(made);
    }
  }
  return readFileSync(file, 'utf8').trim();
}

async function runningServer({
  folder,
  password,
}: Pick<Cluster, 'folder' | 'password'>): Promise<EmbeddedPostgres | undefined> {
  const postmaster = findPostmaster(folder);
  if (!postmaster) return undefined;
  const { pid, port } = postmaster;
  const server = { host, port, user, password };
  return (await answers(server, folder, () => isPostmaster(pid, folder)))
    ? { server, pid, folder }
    : undefined;
}

/**
 * Made aside and put in place when whole, so that an interrupted start leaves nothing half-made; of two that do it at
 * once, the first to end wins.
 */
async function initialise({ initdb }: PostgresBinaries, cluster: Cluster): Promise<void> {
  const { folder, account, password } = cluster;
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  removeHalfMade(folder);
  const making = `${folder}.new-${process.pid}`;
  const passwordFile = `${making}.password`;
  mkdirSync(making, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [making, passwordFile]) chownSync(path, account.uid, account.gid);
  const args = ['-D', making, '-U', user, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  args.push('--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C');
  try {
    if ((await ended(run(initdb, args, cluster), cluster)) !== 0) throw startFault(cluster);
    renameSync(making, folder);
  } catch (error) {
    if (!existsSync(join(folder, 'PG_VERSION'))) throw error;
  } finally {
    for (const path of [making, passwordFile]) rmSync(path, { recursive: true, force: true });
  }
}

/** What starts that were killed have left behind; the folders of those that still live are theirs. */
function removeHalfMade(folder: string): void {
  const prefix = `${basename(folder)}.new-`;
  for (const name of readdirSync(dirname(folder))) {
    if (!name.startsWith(prefix)) continue;
    const maker = Number.parseInt(name.slice(prefix.length), 10);
    if (maker !== process.pid && isAlive(maker)) continue;
    // initdb may outlive its maker, and still write.
    rmSync(join(dirname(folder), name), { recursive: true, force: true, maxRetries: 20 });
  }
}

/** Undefined: the server ended before it answered, or is not the one that we meant to start. */
async function start(
  { postgres }: PostgresBinaries,
  cluster: Cluster,
  preferredPort: number,
): Promise<EmbeddedPostgres | undefined> {
  const { folder, password } = cluster;
  const port = preferredPort > 0 && (await isFree(preferredPort)) ? preferredPort : await freePort();
  const args = ['-D', folder, '-p', String(port)];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const child = run(postgres, args, cluster);
  let isRunning = true;
  const exit = ended(child, cluster).finally(() => {
    isRunning = false;
  });
  exit.catch(() => undefined); // awaited below, after this look at the server
  const server = { host, port, user, password };
  if (await answers(server, folder, () => isRunning)) {
    child.unref();
    return { server, pid: child.pid as number, folder };
  }
  const refusesUs = isRunning && findPostmaster(folder)?.isReady;
  child.kill('SIGQUIT');
  await exit;
  if (refusesUs) throw startFault(cluster);
  return undefined;
}

/** The exit code; null: killed. Rejects with `postgres-start` where the program cannot be run. */
function ended(child: ChildProcess, { logFile }: Cluster): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('exit', resolve);
    child.on('error', ({ message }) =>
      reject(new XmError('postgres-start', { detail: message, log: logFile })),
    );
  });
}

function run(file: string, args: string[], { folder, account, logFile }: Cluster): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(file, args, {
      // PostgreSQL looks at its working directory: it must be one that its account can enter.
      cwd: dirname(folder),
      detached: true,
      stdio: ['ignore', log, log],
      windowsHide: true,
      ...account,
    });
  } finally {
    closeSync(log);
  }
}

/** With the last that PostgreSQL said of its trouble. */
function startFault({ logFile, logStart }: Cluster): XmError {
  const lines = readFileSync(logFile).subarray(logStart).toString().trimEnd().split('\n');
  const detail = lines.findLast(line => /\b(FATAL|PANIC|error):/.test(line)) ?? lines.at(-1) ?? '';
  return new XmError('postgres-start', { detail, log: logFile });
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
