/** `xmserver pki`: authority, certificates, requests, revocation. */
import type { DataFolder } from '../config.ts';
import type { Language } from '../core/language.ts';
import { Database } from '../db/database.ts';
import { environmentPassphrase } from '../environment.ts';
import { KeyStore, readPassphraseFile } from '../pki/key-store.ts';
import { pkiTexts } from '../text/pki.ts';
import { exitCodes } from './command-line.ts';
import { databaseNames, databaseServer, migrateServer } from './installation.ts';
import { perform } from './pki/command.ts';
import type { PkiSession } from './pki/session.ts';
import type { PkiFlags } from './pki-call.ts';

export interface PkiContext {
  readonly folder: DataFolder;
  readonly flags: PkiFlags;
  readonly language: Language;
}

/** `args` are the words after `pki`. Returns the exit code. */
export async function runPki(args: readonly string[], context: PkiContext): Promise<number> {
  const { folder, flags, language } = context;
  const passphrase =
    flags.storePassphraseFile === undefined
      ? environmentPassphrase()
      : readPassphraseFile(flags.storePassphraseFile);
  const server = databaseServer(folder);
  await migrateServer(server);
  const system = new Database({ ...server, database: databaseNames.system }, 'xmserver pki', 2);
  try {
    const session: PkiSession = {
      store: new KeyStore(folder.path, passphrase),
      system,
      flags,
      language,
      texts: pkiTexts[language],
      now: Date.now(),
    };
    const { json, lines } = await perform(args, session);
    console.log(flags.json ? JSON.stringify(json) : lines.join('\n'));
    return exitCodes.ok;
  } finally {
    await system.close();
  }
}
