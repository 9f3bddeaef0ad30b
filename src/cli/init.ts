/** `xmserver init`: an installation on a PostgreSQL and a broker that are there already. Can be repeated. */
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { type BrokerConnection, type DatabaseServer, type DataFolder, sslModes } from '../config.ts';
import { XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { hashPassword } from '../core/password.ts';
import type { Database } from '../db/database.ts';
import { installationId } from '../db/system/licence.ts';
import { countOperators, createOperator, writeJournal } from '../db/system/operator.ts';
import { selectBroker } from '../db/system/setting.ts';
import { environmentBrokerPassword, environmentDatabasePassword } from '../environment.ts';
import { type ProgramTexts, programTexts } from '../text/program.ts';
import { exitCodes } from './command-line.ts';
import { databaseNames, migrateServer, openInstallation } from './installation.ts';
import { databaseConnection, keepCertificates, keepKey } from './secure-connection.ts';

export interface InitCall {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly broker?: string | undefined;
  readonly brokerUser?: string | undefined;
  readonly operator?: string | undefined;
  readonly sslmode?: string | undefined;
  /** Files of the caller's, copied into the data folder. */
  readonly databaseCa?: string | undefined;
  readonly brokerCa?: string | undefined;
  readonly brokerCert?: string | undefined;
  readonly brokerKey?: string | undefined;
}

const leastPassword = 8;

export async function runInit(folder: DataFolder, call: InitCall, language: Language): Promise<number> {
  const texts = programTexts[language];
  const known = folder.settings.database;
  const host = call.host ?? known?.host;
  const user = call.user ?? known?.user;
  if (!host || !user) throw new XmError('usage', { detail: texts.initNeeds });
  const mode = sslModes.find(one => one === call.sslmode);
  if (call.sslmode !== undefined && !mode) {
    throw new XmError('usage', { detail: texts.sslmodeUnknown(sslModes.join(', ')) });
  }
  // Who names an authority wants it asked.
  const sslmode = mode ?? known?.sslmode ?? (call.databaseCa === undefined ? undefined : 'verify-full');
  const ca = call.databaseCa === undefined ? known?.ca : resolve(call.databaseCa);
  const server: DatabaseServer = {
    host,
    port: call.port ?? known?.port ?? 5432,
    user,
    ...(sslmode === undefined ? {} : { sslmode }),
    ...(ca === undefined ? {} : { ca }),
  };
  const password = environmentDatabasePassword() ?? folder.secret('database-password') ?? '';
  // Before anything is written down: what does not work is not kept.
  await migrateServer({ ...databaseConnection(folder, server), password });
  const kept = call.databaseCa && { ca: keepCertificates(folder, call.databaseCa, 'database-ca') };
  folder.set({ database: { ...server, ...kept } });
  folder.keepSecret('database-password', password);
  keepBrokerFiles(folder, call);
  const installation = await openInstallation(folder, { applicationName: 'xmserver init', embedded: false });
  try {
    console.log(texts.initialised(`${databaseNames.system}, ${databaseNames.data}`));
    console.log(texts.serverCertificate(installation.keys.signer.certificate.fingerprint));
    console.log(texts.installation(await installationId(installation.system)));
    if (call.broker) await storeBroker(installation.system, call.broker, call.brokerUser);
    await firstOperator(installation.system, call.operator, texts);
  } finally {
    await installation.close();
  }
  return exitCodes.ok;
}

/** Beside what config.json has of the broker already. */
function keepBrokerFiles(folder: DataFolder, { brokerCa, brokerCert, brokerKey }: InitCall): void {
  const files: BrokerConnection = {
    ...(brokerCa === undefined ? {} : { ca: keepCertificates(folder, brokerCa, 'broker-ca') }),
    ...(brokerCert === undefined
      ? {}
      : { certificate: keepCertificates(folder, brokerCert, 'broker-client') }),
    ...(brokerKey === undefined ? {} : { key: keepKey(folder, brokerKey, 'broker-client') }),
  };
  if (Object.keys(files).length > 0) folder.set({ broker: { ...folder.settings.broker, ...files } });
}

async function storeBroker(system: Database, url: string, userName: string | undefined): Promise<void> {
  const password = environmentBrokerPassword();
  await selectBroker(system, {
    url,
    ...(userName === undefined ? {} : { userName }),
    ...(password === undefined ? {} : { password }),
  });
  await writeJournal(system, 'broker-select', { url });
}

/** A Superviseur, where there is no operator at all yet. */
async function firstOperator(
  system: Database,
  userName: string | undefined,
  texts: ProgramTexts,
): Promise<void> {
  if (userName === undefined) return;
  if ((await countOperators(system)) > 0) throw new XmError('operator-exists');
  const password = await askPassword(texts.passwordPrompt);
  if (password.length < leastPassword) throw new XmError('password-short', { least: leastPassword });
  const passwordHash = await hashPassword(password);
  await createOperator(system, { userName, name: userName, privilege: 4, passwordHash });
  await writeJournal(system, 'operator-create', { operator: userName, privilege: 4 });
  console.log(texts.operatorCreated(userName));
}

/** One line of standard input; at a terminal it is asked for, and not echoed. */
async function askPassword(prompt: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (process.stdin.isTTY) process.stderr.write('\n');
  }
}
