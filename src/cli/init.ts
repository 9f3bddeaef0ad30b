/** `xmserver init`: an installation on a PostgreSQL and a broker that are there already. Can be repeated. */
import { resolve } from 'node:path';
import { type BrokerConnection, type DatabaseServer, type DataFolder, sslModes } from '../config.ts';
import { userNameOf } from '../core/administration/field.ts';
import { newPasswordHash } from '../core/administration/password.ts';
import { XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import type { Database } from '../db/database.ts';
import { installationId } from '../db/system/licence.ts';
import { countOperators, createOperator, writeJournal } from '../db/system/operator.ts';
import { selectBroker } from '../db/system/setting.ts';
import { environmentBrokerPassword, environmentDatabasePassword } from '../environment.ts';
import { type ProgramTexts, programTexts } from '../text/program.ts';
import { exitCodes } from './command-line.ts';
import { commandLineOperator } from './command-line-operator.ts';
import { databaseNames, migrateServer, openInstallation } from './installation.ts';
import { askSecrets } from './secret-input.ts';
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
  await writeJournal(system, 'broker-select', { url }, commandLineOperator().userName);
}

/** A Superviseur, where there is no operator at all yet. */
async function firstOperator(
  system: Database,
  given: string | undefined,
  texts: ProgramTexts,
): Promise<void> {
  if (given === undefined) return;
  const userName = userNameOf(given);
  if ((await countOperators(system)) > 0) throw new XmError('operator-exists');
  const [password = ''] = await askSecrets([texts.passwordPrompt]);
  const passwordHash = await newPasswordHash(password, userName);
  await createOperator(system, { userName, name: userName, privilege: 4, passwordHash });
  await writeJournal(
    system,
    'operator-create',
    { operator: userName, privilege: 4 },
    commandLineOperator().userName,
  );
  console.log(texts.operatorCreated(userName));
}
