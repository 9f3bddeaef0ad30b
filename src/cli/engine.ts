/** `xmserver engine`: the transmission engine, as a process of its own. */
import { randomBytes } from 'node:crypto';
import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import type { DataFolder } from '../config.ts';
import { Engine } from '../core/engine/engine.ts';
import type { EngineStatus } from '../core/engine-status.ts';
import { faultText, XmError } from '../core/errors.ts';
import { topics } from '../core/message.ts';
import { PostgresAffairs } from '../db/affairs.ts';
import { Database } from '../db/database.ts';
import { PostgresDocumentStore } from '../db/document-store.ts';
import { PostgresLibrary } from '../db/library.ts';
import { type BrokerSettings, readSettings, selectedBroker } from '../db/system/setting.ts';
import { PostgresSystemStore } from '../db/system-store.ts';
import { takeTurn } from '../db/turn.ts';
import { packageFolder } from '../environment.ts';
import { drainSession } from '../mqtt/drain-session.ts';
import { type LinkOptions, openLink } from '../mqtt/link.ts';
import { readRequest } from '../pki/request.ts';
import { createSdcPool, type SdcPool } from '../sdc/pool.ts';
import { failed, notify, startInBackground } from './background.ts';
import { EngineKeys } from './engine-keys.ts';
import { type OpenInstallation, openInstallation } from './installation.ts';
import { keepLogShort } from './log-file.ts';
import { identityOf } from './open-station.ts';
import {
  claimRunFile,
  endProcess,
  engineRunFile,
  markReady,
  removeRunFile,
  runningEngines,
  runningPid,
} from './run-file.ts';
import { ownBrokerSettings, serverConnection } from './secure-connection.ts';
import { authoritiesAbove } from './server-keys.ts';
import { runningServices, stopServices } from './services.ts';
import { untilEnded } from './signals.ts';
import { Watched } from './t2d/watching.ts';

/** What the engine holds unacknowledged at most; with SDCs of 16 KB that is 16 MB. */
const receiveMaximum = 1_000;
/** How long the broker keeps the session of an engine that is gone. */
const sessionExpiryS = 900;
/** Engines are few: unlike thousands of stations, they may come back soon without harm. */
const retry = { firstMs: 250, longestMs: 5_000 };

export interface EngineCall {
  /** Brings PostgreSQL and broker along where they do not run. */
  readonly embedded: boolean;
  /** Tells the engines of this data folder apart, where there are several. */
  readonly name?: string;
}

type Crypto = (keys: OpenInstallation['keys']) => SdcPool;

/**
 * Runs until a signal or the command `stop`. `crypto`: what opens and seals, which a benchmark leaves out. Throws
 * `engine-already-running`, and `certificate-revoked` where no key of the server is left.
 */
export async function runEngine(
  folder: DataFolder,
  call: EngineCall,
  crypto: Crypto = poolOf,
): Promise<number> {
  const runFile = engineRunFile(call.name);
  if (!claimRunFile(folder, runFile)) {
    throw new XmError('engine-already-running', { pid: runningPid(folder, runFile) ?? 0 });
  }
  const ownServices = call.embedded && runningServices(folder) === undefined;
  try {
    const { embedded } = call;
    const installation = await openInstallation(folder, { applicationName: 'xmserver engine', embedded });
    try {
      await runUntilEnded(folder, call.name, installation, crypto);
    } finally {
      await installation.close();
    }
  } finally {
    removeRunFile(folder, runFile);
    if (ownServices) await stopServices(folder);
  }
  return 0;
}

/**
 * What a batch leaves behind is garbage before the next: with a young generation of Node's own size an engine under
 * load holds 430 MB, with this one 300, at the same speed; with two of glibc's arenas instead of eight a core, 280.
 */
export const engineProcess = {
  nodeOptions: ['--max-semi-space-size=4'],
  environment: { MALLOC_ARENA_MAX: '2' },
} as const;

/** Starts an engine in the background; resolves when it works. Throws `engine-start`, or why it does not. */
export async function launchEngine(folder: DataFolder): Promise<void> {
  const end = await startInBackground({
    folder,
    program: 'xmserver',
    args: ['engine', '--data', folder.path],
    ...engineProcess,
    log: 'engine',
  });
  if (end) throw failed(end, 'engine-start');
}

/** Ends the engines of this folder: what is in hand is still filed. */
export async function stopEngines(folder: DataFolder): Promise<void> {
  await Promise.all(runningEngines(folder).map(name => endProcess(folder, name, 30_000)));
}

function poolOf({ accepted, signer }: OpenInstallation['keys']): SdcPool {
  return createSdcPool({
    workerFile: join(packageFolder(), 'dist', 'sdc-worker.js'),
    workers: availableParallelism(),
    opener: { recipients: accepted.map(identityOf) },
    sealer: { signer: identityOf(signer) },
  });
}

async function runUntilEnded(
  folder: DataFolder,
  name: string | undefined,
  installation: OpenInstallation,
  crypto: Crypto,
): Promise<void> {
  const { system, documents, broker } = installation;
  if (!broker) throw new XmError('broker-missing');
  const keys = new EngineKeys({ folder, system, first: installation.keys, poolOf: crypto, log });
  const systemStore = new PostgresSystemStore(
    system,
    () => keys.current.store.authorityCertificate()?.notAfter,
  );
  // So little garbage at a time is collected by one thread with a third less CPU than by four.
  setFlagsFromString('--no-parallel-scavenge');
  // A pool of its own: long questions take no connection from the filing.
  const questions = new Database(documents.settings, 'xmserver questions');
  const library = new PostgresLibrary(questions);
  const engine = await createEngine(folder, name, installation, broker, systemStore, keys, library);
  try {
    systemStore.onDirectoryChange(() => void keys.look().catch(error => log(faultText(error))));
    const carrier = {
      system,
      documents,
      get keys() {
        return keys.current;
      },
    };
    const watched = new Watched(folder, carrier, log);
    await watched.prepare();
    await engine.start();
    markReady(folder, engineRunFile(name));
    keepLogShort(folder.at('log', 'engine.log'));
    notify({ kind: 'ready' });
    log(`engine ${engine.status.id} running, broker ${broker.url}, database ${documents.settings.host}`);
    const watching = watched.watch(engine);
    const end = await Promise.race([untilEnded(), keys.revoked, keys.pool.ended, engine.ended]);
    if (end) {
      log(`${end instanceof Error ? end.message : end}: stopping`);
      await engine.command('stop');
    }
    await engine.ended;
    await watching;
    log('engine stopped');
    if (end instanceof Error) throw end;
  } finally {
    await Promise.all([systemStore.close(), keys.pool.close(), questions.close()]);
  }
}

async function createEngine(
  folder: DataFolder,
  name: string | undefined,
  { system, documents }: OpenInstallation,
  first: BrokerSettings,
  systemStore: PostgresSystemStore,
  keys: EngineKeys,
  library: PostgresLibrary,
): Promise<Engine> {
  const settings = () => readSettings(system);
  const { cyclePeriodS, answerDays } = await settings();
  const installation = installationName(folder);
  const id = name === undefined ? installation : `${installation}-${name}`;
  const reach = (broker: BrokerSettings) => ({
    url: broker.url,
    ...(broker.userName === undefined ? {} : { userName: broker.userName }),
    ...(broker.password === undefined ? {} : { password: broker.password }),
    ...serverConnection(folder, broker),
  });
  let broker = reach(first);
  tellOwnSettings(folder);
  const linkOptions: Omit<LinkOptions, keyof ReturnType<typeof reach>> = {
    clientId: clientIdOf(id),
    sessionExpiryS,
    subscriptions: [topics.allUp],
    sharedGroup: 'xms',
    receiveMaximum,
    retry,
    inTurn: {
      clientId: clientIdOf('server'),
      take: ending => takeTurn(system.settings, 'engine_turn', ending),
    },
  };
  const documentStore = new PostgresDocumentStore(documents, settings);
  if (!(await library.prepare((await documentStore.tables()).keys()))) {
    log(
      `queries of clients run as ${documents.settings.user}, for want of a role that only reads: the rules of a query alone guard the tables`,
    );
  }
  const affairs = new PostgresAffairs(system, listener => systemStore.onLetters(listener));
  return new Engine({
    clock: Date,
    identity: { id, pid: process.pid, host: hostname() },
    system: systemStore,
    documents: documentStore,
    services: {
      library,
      affairs,
      letters: affairs,
      post: documentStore,
      readRequest,
      authorities: now => authoritiesAbove(keys.current.store, now),
    },
    opener: keys.pool,
    sealer: keys.pool,
    connect: handlers => openLink({ ...broker, ...linkOptions }, handlers),
    adopt: (dead, onDelivery, ending) =>
      drainSession({ ...broker, ...linkOptions, clientId: clientIdOf(dead.id) }, onDelivery, ending),
    brokerUrl: broker.url,
    chooseBroker: async () => {
      const selected = await selectedBroker(system);
      // With what the files have now: a key that was renewed under its name is another one.
      const next = selected && reach(selected);
      if (!next || isDeepStrictEqual(next, broker)) return undefined;
      broker = next;
      tellOwnSettings(folder);
      const { url, mqttVersion } = next;
      return mqttVersion === undefined ? { url } : { url, protocol: mqttVersion === '5' ? 5 : 4 };
    },
    database: await databaseOf(documents),
    cyclePeriodS,
    answerDays,
    readSettings: settings,
    readKeys: () => keys.look(),
    log,
  });
}

function tellOwnSettings(folder: DataFolder): void {
  const own = ownBrokerSettings(folder);
  if (own.length > 0) log(`config.json of this machine goes before the broker's settings: ${own.join(', ')}`);
}

async function databaseOf(documents: Database): Promise<Pick<EngineStatus['database'], 'host' | 'version'>> {
  const [row] = await documents.query<{ server_version: string }>('show server_version');
  const { host, port } = documents.settings;
  return { host: `${host}:${port}`, version: row?.server_version.split(' ')[0] ?? '' };
}

/** Stable, so that the broker finds the session again. */
function clientIdOf(engine: string): string {
  return `xms-${engine}`;
}

/** Random, so that the engines of two machines are not taken for one. */
function installationName(folder: DataFolder): string {
  const known = folder.settings.engine;
  if (known) return known;
  const name = randomBytes(4).toString('hex');
  folder.set({ engine: name });
  return name;
}

function log(line: string): void {
  console.log(`${new Date().toISOString()} ${line}`);
}
