/** `client cert`: the certificates of a client, and how one from another authority is registered (guide §4.1). */

import { showClient } from '../../core/administration/client.ts';
import { environmentPassphrase } from '../../environment.ts';
import { KeyStore } from '../../pki/key-store.ts';
import { pkiTexts } from '../../text/pki.ts';
import type { Command } from '../administration/session.ts';
import { perform } from '../pki/command.ts';
import { matriculeOf } from './listing.ts';

/** As `xmserver pki import` and `pki list` do it for this client. */
export const certificate: Command = async (session, args) => {
  const { administration, operator, flags, folder, system, language } = session;
  const { matricule } = await showClient(administration, operator, matriculeOf(session, args[0]));
  const [file] = args.slice(1);
  return perform(file === undefined ? ['list'] : ['import', file], {
    store: new KeyStore(folder.path, environmentPassphrase()),
    system,
    flags: {
      json: flags.json,
      client: matricule,
      server: false,
      rsa: false,
      passphraseFile: flags.passphraseFile,
    },
    language,
    texts: pkiTexts[language],
    now: Date.now(),
  });
};
