/** `xmserver init`: an installation on a PostgreSQL and a broker that are there already. Can be repeated. */
import { resolve } from 'node:path';
import type { DataFolder } from '../config.ts';
import { adoptBroker, changeBroker, listBrokers } from '../core/administration/broker.ts';
import { userNameOf } from '../core/administration/field.ts';
import { createFirstOperator } from '../core/administration/operator.ts';
import type { Administration } from '../core/administration/ports.ts';
import { type DatabaseAccess, sslModes } from '../core/database-server.ts';
import { XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { installationId } from '../db/system/licence.ts';
import { countOperators } from '../db/system/operator.ts';
import { environmentBrokerPassword, environmentDatabasePassword } from '../environment.ts';
import { type ProgramTexts, programTexts } from '../text/program.ts';
import { administrationOf } from './administration/ports.ts';
import { exitCodes } from './command-line.ts';
import { commandLineOperator } from './command-line-operator.ts';
import { connect } from './connection.ts';
import { databaseNames, type OpenInstallation, openInstallation } from './installation.ts';
import { MachineBrokers } from './machine-brokers.ts';
import { askSecrets } from './secret-input.ts';

export interface InitCall {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly broker?: string | undefined;
  readonly brokerUser?: string | undefined;
  readonly operator?: string | undefined;
  readonly sslmode?: string | undefined;
  /** Files of the caller's: certificates go into the database, keys into secrets/. */
  readonly databaseCa?: string | undefined;
  readonly brokerCa?: string | undefined;
  readonly brokerCert?: string | undefined;
  readonly brokerKey?: string | undefined;
}

export async function runInit(folder: DataFolder, call: InitCall, language: Language): Promise<number> {
  const texts = programTexts[language];
  await connect(folder, accessOf(folder, call, texts));
  const installation = await openInstallation(folder, { applicationName: 'xmserver init', embedded: false });
  try {
    const administration = administrationOf(installation.system, installation.documents);
    console.log(texts.initialised(`${databaseNames.system}, ${databaseNames.data}`));
    console.log(texts.serverCertificate(installation.keys.signer.certificate.fingerprint));
    console.log(texts.installation(await installationId(installation.system)));
    await storeBroker(folder, administration, call);
    if (call.operator !== undefined) await firstOperator(installation, administration, call.operator, texts);
  } finally {
    await installation.close();
  }
  return exitCodes.ok;
}

/** What was not given is as it was. Throws `usage`. */
function accessOf(folder: DataFolder, call: InitCall, texts: ProgramTexts): DatabaseAccess {
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
  const password = environmentDatabasePassword();
  return {
    host,
    port: call.port ?? known?.port ?? 5432,
    user,
    ...(sslmode === undefined ? {} : { sslmode }),
    ...(ca === undefined ? {} : { ca }),
    ...(password === undefined ? {} : { password }),
  };
}

/**
 * In the database, for all machines. What config.json of an earlier version has of the same goes: it would be before it.
 * Throws `broker-missing` for files of no broker.
 */
async function storeBroker(
  folder: DataFolder,
  administration: Administration,
  { broker: url, brokerUser: userName, brokerCa, brokerCert, brokerKey }: InitCall,
): Promise<void> {
  const operator = commandLineOperator();
  const known = (await listBrokers(administration, operator)).find(one =>
    url === undefined ? one.selected : one.url === url,
  );
  const brokers = new MachineBrokers(folder);
  const authority = brokerCa && (await brokers.certificates(brokerCa));
  const clientCertificate = brokerCert && (await brokers.certificates(brokerCert));
  const ofKey = clientCertificate ?? known?.clientCertificate;
  if (brokerKey && !ofKey) throw new XmError('broker-certificate-needed');
  const terms = {
    authority,
    clientCertificate,
    clientKey: brokerKey && (await brokers.keepKey(brokerKey, ofKey ?? '')),
  };
  const hasTerms = Object.values(terms).some(one => one !== undefined);
  if (url) {
    await adoptBroker(administration, operator, {
      url,
      userName,
      password: environmentBrokerPassword(),
      ...terms,
    });
  } else if (hasTerms) {
    if (!known) throw new XmError('broker-missing');
    await changeBroker(administration, operator, known.id, terms);
  }
  if (hasTerms && folder.settings.broker) {
    const { ca, certificate, key, ...others } = folder.settings.broker;
    folder.set({
      broker: {
        ...others,
        ...(ca === undefined || brokerCa ? {} : { ca }),
        ...(certificate === undefined || brokerCert ? {} : { certificate }),
        ...(key === undefined || brokerKey ? {} : { key }),
      },
    });
  }
}

/** A Superviseur, where there is no operator at all yet: before anybody is asked for a password. */
async function firstOperator(
  { system }: OpenInstallation,
  administration: Administration,
  given: string,
  texts: ProgramTexts,
): Promise<void> {
  const userName = userNameOf(given);
  if ((await countOperators(system)) > 0) throw new XmError('operator-exists');
  const [password = ''] = await askSecrets([texts.passwordPrompt]);
  await createFirstOperator(administration, commandLineOperator(), { userName, name: userName }, password);
  console.log(texts.operatorCreated(userName));
}
