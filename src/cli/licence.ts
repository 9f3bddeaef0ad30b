/** `xmserver licence`: show and set an installation's key; make one, at the vendor's. */
import { type DataFolder, vendorLicenceKey } from '../config.ts';
import { XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { Database } from '../db/database.ts';
import { PostgresLicenceStore } from '../db/system/licence.ts';
import { licenceTexts } from '../text/licence.ts';
import { exitCodes } from './command-line.ts';
import { commandLineOperator } from './command-line-operator.ts';
import { databaseNames, databaseServer, migrateServer } from './installation.ts';
import { setKey, showLicence } from './licence/installed.ts';
import { type LicenceCall, makeKeyPair, makeLicence } from './licence/vendor.ts';
import type { LicenceFlags } from './licence-call.ts';
import type { Answer } from './pki/session.ts';

const vendorCommands: Readonly<Record<string, (call: LicenceCall) => Answer>> = {
  keygen: makeKeyPair,
  make: makeLicence,
};
const installedCommands = { show: showLicence, set: setKey } as const;

/** `args` are the words after `licence`. The vendor's commands need no installation. Returns the exit code. */
export async function runLicence(
  folder: DataFolder,
  args: readonly string[],
  flags: LicenceFlags,
  language: Language,
): Promise<number> {
  const texts = licenceTexts[language];
  const call = { flags, language, texts, now: Date.now() };
  const [name = '', ...rest] = args;
  const vendorCommand = Object.hasOwn(vendorCommands, name) ? vendorCommands[name] : undefined;
  const { json, lines } = vendorCommand
    ? vendorCommand(call)
    : await onInstallation(folder, name, rest, call);
  console.log(flags.json ? JSON.stringify(json) : lines.join('\n'));
  return exitCodes.ok;
}

async function onInstallation(
  folder: DataFolder,
  name: string,
  args: readonly string[],
  call: LicenceCall,
): Promise<Answer> {
  const { commandMissing, unknown } = call.texts;
  if (name !== 'show' && name !== 'set') {
    throw new XmError('usage', { detail: name === '' ? commandMissing : unknown(name) });
  }
  const server = databaseServer(folder);
  await migrateServer(server);
  const system = new Database({ ...server, database: databaseNames.system }, 'xmserver licence', 2);
  try {
    const store = new PostgresLicenceStore(system, vendorLicenceKey());
    return await installedCommands[name]({ ...call, store, operator: commandLineOperator() }, args);
  } finally {
    await system.close();
  }
}
