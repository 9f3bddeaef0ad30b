/** `xmserver account`: recharges, corrections, invoices, statements, tariffs. */
import type { DataFolder } from '../config.ts';
import type { Language } from '../core/language.ts';
import { PostgresAccountStore } from '../db/account-store.ts';
import { Database } from '../db/database.ts';
import { accountTexts } from '../text/account.ts';
import { localDay } from '../text/format.ts';
import { perform } from './account/command.ts';
import type { AccountFlags } from './account-call.ts';
import { exitCodes } from './command-line.ts';
import { commandLineOperator } from './command-line-operator.ts';
import { databaseNames, databaseServer, migrateServer } from './installation.ts';

/** `args` are the words after `account`. Returns the exit code. */
export async function runAccount(
  folder: DataFolder,
  args: readonly string[],
  flags: AccountFlags,
  language: Language,
): Promise<number> {
  const server = databaseServer(folder);
  await migrateServer(server);
  const system = new Database({ ...server, database: databaseNames.system }, 'xmserver account', 2);
  try {
    const accounts = new PostgresAccountStore(system);
    const { json, lines, fault } = await perform(args, {
      accounts,
      operator: commandLineOperator(),
      currency: await accounts.currency(),
      flags,
      language,
      texts: accountTexts[language],
      today: localDay(Date.now()),
    });
    console.log(flags.json ? JSON.stringify(json) : lines.join('\n'));
    if (fault) throw fault;
    return exitCodes.ok;
  } finally {
    await system.close();
  }
}
