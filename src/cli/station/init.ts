/**
 * `xmstation init`: an office's station. What is not given is asked for at a terminal; what stands already stays. Can be
 * repeated. All is tried before anything is written down.
 */
import { createInterface } from 'node:readline/promises';
import { StationFolder, type StationSettings } from '../../config.ts';
import { type DatabaseServer, sslModes } from '../../core/database-server.ts';
import { XmError } from '../../core/errors.ts';
import type { DatabaseSettings } from '../../db/database.ts';
import { migrate } from '../../db/migrate.ts';
import { environmentBrokerPassword, environmentDatabasePassword } from '../../environment.ts';
import { KeyStore } from '../../pki/key-store.ts';
import { programTexts } from '../../text/program.ts';
import { exitCodes, noArguments, positive } from '../command-line.ts';
import { askSecrets } from '../secret-input.ts';
import { databaseConnection, keepCertificates, keepKey } from '../secure-connection.ts';
import { keepCertificateFiles } from './enrol-files.ts';
import { ownPostgres } from './own-postgres.ts';
import { Progress } from './progress.ts';
import { needed, print, type StationSession, usage } from './session.ts';
import { type OfficeKind, offices, stationMigrations } from './upgrade.ts';

export async function init(session: StationSession, args: readonly string[]): Promise<number> {
  const { flags, folder: data, language, texts } = session;
  noArguments(args, language);
  const folder = new StationFolder(data.at('station'));
  const known = folder.settings;
  const keys = new KeyStore(folder.path);
  const knowsServer = keys.peerCertificates('server', Date.now()).length > 0;
  const office = officeOf(session, known);
  const matricule = positive(
    '--client',
    flags.client ?? known.matricule ?? Number(await answer(session, '--client', texts.askMatricule)),
    language,
  );
  const server =
    flags.server ?? (knowsServer ? undefined : await answer(session, '--server', texts.askServer));
  const url = brokerUrl(
    flags.broker ?? known.broker?.url ?? (await answer(session, '--broker', texts.askBroker)),
  );
  const userName = flags.brokerUser ?? known.broker?.userName ?? `${matricule}`;
  const brokerPassword = await brokerPasswordOf(session, folder, known.broker?.url === undefined);

  const database = await databaseOf(session, folder, known, offices[office].database);
  const { authority } = flags;
  keepCertificateFiles(keys, {
    ...(server === undefined ? {} : { server }),
    ...(authority === undefined ? {} : { authority }),
  });
  folder.keepSecret('broker-password', brokerPassword);
  if (database.password !== undefined) folder.keepSecret('database-password', database.password);
  folder.set({
    matricule,
    database: database.settings,
    broker: { ...known.broker, url, userName, ...brokerFiles(session, folder) },
  });
  await migrate(database.login, stationMigrations(office));
  const { name } = database.settings;
  const certified = keys.generations('station').length > 0;
  print(session, { folder: folder.path, matricule, database: name, broker: url, certified }, [
    programTexts[language].initialised(name),
    texts.installed(matricule, folder.path),
    ...(certified ? [] : [texts.enrolNext]),
  ]);
  return exitCodes.ok;
}

function officeOf({ flags }: StationSession, known: Partial<StationSettings>): OfficeKind {
  const kinds = Object.keys(offices) as OfficeKind[];
  const current = kinds.find(kind => offices[kind].database === known.database?.name);
  const given = flags.office ?? current ?? 'ecr';
  const found = kinds.find(kind => kind === given);
  if (!found) throw usage(`--office: ${kinds.join(', ')}`);
  return found;
}

/** What nobody has given. Throws `usage` where nobody can be asked. */
async function answer(session: StationSession, option: string, prompt: string): Promise<string> {
  if (!process.stdin.isTTY || session.flags.json) return needed<string>(session, option, undefined);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const text = (await terminal.question(prompt)).trim();
    return needed(session, option, text === '' ? undefined : text);
  } finally {
    terminal.close();
  }
}

async function brokerPasswordOf(
  session: StationSession,
  folder: StationFolder,
  isNew: boolean,
): Promise<string> {
  const given = environmentBrokerPassword() ?? folder.secret('broker-password');
  if (given !== undefined) return given;
  // A broker may take its clients by their certificate.
  if (!isNew || !process.stdin.isTTY || session.flags.json) return '';
  return (await askSecrets([session.texts.askBrokerPassword]))[0] ?? '';
}

/** Throws `broker-url`. */
export function brokerUrl(text: string): string {
  const url = URL.parse(text.trim());
  const isGood = url && /^mqtts?:$/.test(url.protocol) && url.hostname !== '' && url.username === '';
  if (!isGood) throw new XmError('broker-url', { url: text });
  return text.trim();
}

interface StationDatabase {
  readonly settings: StationSettings['database'];
  readonly login: DatabaseSettings;
  /** Of a PostgreSQL of somebody else. */
  readonly password?: string;
}

/** The PostgreSQL that is named, or was; else the station's own, started. Throws `usage`, `postgres-…`, `file-…`. */
async function databaseOf(
  session: StationSession,
  folder: StationFolder,
  known: Partial<StationSettings>,
  name: string,
): Promise<StationDatabase> {
  const { flags, texts, language } = session;
  const before = known.database?.embedded ? undefined : known.database;
  const host = flags.host ?? before?.host;
  if (host === undefined) return ownDatabase(session, name);
  const user = needed(session, '--user', flags.user ?? before?.user);
  const mode = sslModes.find(one => one === flags.sslmode);
  if (flags.sslmode !== undefined && !mode) {
    throw usage(programTexts[language].sslmodeUnknown(sslModes.join(', ')));
  }
  const sslmode = mode ?? before?.sslmode ?? (flags.databaseCa === undefined ? undefined : 'verify-full');
  const ca =
    flags.databaseCa === undefined ? before?.ca : keepCertificates(folder, flags.databaseCa, 'database-ca');
  const server: DatabaseServer = {
    host,
    port: flags.port ?? before?.port ?? 5432,
    user,
    ...(sslmode === undefined ? {} : { sslmode }),
    ...(ca === undefined ? {} : { ca }),
  };
  const password = environmentDatabasePassword() ?? folder.secret('database-password');
  if (password === undefined) throw usage(texts.needs('PGPASSWORD'));
  const login = { ...databaseConnection(folder, server), password, database: name };
  return { settings: { ...server, name }, login, password };
}

async function ownDatabase({ folder, flags, texts }: StationSession, name: string): Promise<StationDatabase> {
  const progress = new Progress(flags.json);
  try {
    const server = await ownPostgres(folder, step => progress.show(texts.postgresSteps[step]));
    const { password: _password, ...place } = server;
    return { settings: { ...place, name, embedded: true }, login: { ...server, database: name } };
  } finally {
    progress.end();
  }
}

function brokerFiles({ flags }: StationSession, folder: StationFolder): Partial<StationSettings['broker']> {
  const { brokerCa, brokerCert, brokerKey } = flags;
  return {
    ...(brokerCa === undefined ? {} : { ca: keepCertificates(folder, brokerCa, 'broker-ca') }),
    ...(brokerCert === undefined
      ? {}
      : { certificate: keepCertificates(folder, brokerCert, 'broker-client') }),
    ...(brokerKey === undefined ? {} : { key: keepKey(folder, brokerKey, 'broker-client') }),
  };
}
