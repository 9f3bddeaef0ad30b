/** The commands of `xmserver pki` by their words. */
import { XmError } from '../../core/errors.ts';
import { issue, list, show, warnings } from './certificate.ts';
import { importFile, trust } from './import.ts';
import { makeListenerCertificate } from './listener.ts';
import { acceptRequest, addRequest, listRequests, refuseRequest } from './request.ts';
import { revocationList, revoke } from './revocation.ts';
import { init, makeServerRequest, renew, renewAuthority } from './server-key.ts';
import { type Answer, fileOwnCertificates, type PkiSession } from './session.ts';

type Command = (session: PkiSession, args: readonly string[]) => Promise<Answer>;

const commands: Readonly<Record<string, Command>> = {
  init,
  list,
  show,
  issue,
  'broker-cert': makeListenerCertificate,
  'request list': listRequests,
  'request add': addRequest,
  'request accept': acceptRequest,
  'request refuse': refuseRequest,
  'request make': makeServerRequest,
  revoke,
  crl: revocationList,
  import: importFile,
  renew,
  'renew-authority': renewAuthority,
  trust,
  warnings,
};

/** `args` are the words after `pki`. Throws `usage` for a command that there is not. */
export async function perform(args: readonly string[], session: PkiSession): Promise<Answer> {
  const words = args[0] === 'request' ? 2 : 1;
  const name = args.slice(0, words).join(' ');
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const { commandMissing, unknown } = session.texts;
    throw new XmError('usage', { detail: name === '' ? commandMissing : unknown(name) });
  }
  await fileOwnCertificates(session);
  return command(session, args.slice(words));
}
