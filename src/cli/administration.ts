/** `xmserver client`, `operator`, `signatory`, `setting`, `broker`, `journal`. */
import type { DataFolder } from '../config.ts';
import type { Language } from '../core/language.ts';
import { Database } from '../db/database.ts';
import { administrationTexts } from '../text/administration.ts';
import type { AdministrationFlags, Family } from './administration/call.ts';
import { perform } from './administration/command.ts';
import { administrationOf } from './administration/ports.ts';
import { exitCodes } from './command-line.ts';
import { commandLineOperator } from './command-line-operator.ts';
import { databaseNames, databaseServer, migrateServer } from './installation.ts';

export interface AdministrationContext {
  readonly folder: DataFolder;
  readonly flags: AdministrationFlags;
  readonly language: Language;
}

/** `args` are the words after the family. Returns the exit code. */
export async function runAdministration(
  family: Family,
  args: readonly string[],
  { folder, flags, language }: AdministrationContext,
): Promise<number> {
  const server = databaseServer(folder);
  await migrateServer(server);
  const open = (database: string) => new Database({ ...server, database }, `xmserver ${family}`, 2);
  const [system, documents] = [open(databaseNames.system), open(databaseNames.data)];
  try {
    const { json, lines } = await perform(family, args, {
      administration: administrationOf(system, documents),
      operator: commandLineOperator(),
      flags,
      language,
      texts: administrationTexts[language],
      folder,
      system,
    });
    console.log(flags.json ? JSON.stringify(json) : lines.join('\n'));
    return exitCodes.ok;
  } finally {
    await Promise.all([system.close(), documents.close()]);
  }
}
