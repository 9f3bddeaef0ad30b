/** `pki revoke`, `pki crl`: certificates withdrawn, and the list that says so. */
import { revocationChoices } from '../../core/console-ports.ts';
import { XmError } from '../../core/errors.ts';
import { hex } from '../../core/message.ts';
import { revocationListPem } from '../../pki/revocation-list.ts';
import { positive } from '../command-line.ts';
import { listDays, publishLists, type WrittenList, withdraw } from './registry.ts';
import {
  type Answer,
  keyIdFrom,
  needed,
  oneOf,
  type PkiSession,
  registryOf,
  requireFree,
  writeOutput,
} from './session.ts';

/** Revokes at once, and makes a new list where the certificate is of our authority. */
export async function revoke(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const { flags, texts } = session;
  const text = needed(session, texts.key, args[0]);
  const keyId = keyIdFrom(text);
  const reason = oneOf(session, '--reason', flags.reason, revocationChoices);
  if (!keyId) throw new XmError('certificate-unknown', { id: text });
  const days = daysOf(session);
  if (flags.out !== undefined) requireFree(flags.out);
  const { subject, role, lists } = await withdraw(registryOf(session), keyId, reason, days);
  const list = lists.length > 0 ? answerOf(session, lists) : undefined;
  return {
    json: { key: hex(keyId), subject, reason, list: list?.json },
    lines: [
      texts.revoked(subject),
      ...(role === 'server' ? [texts.serverRevoked] : []),
      ...(list?.lines ?? []),
    ],
  };
}

/** `--out` holds the lists of all roots, the newest root's first. */
export async function revocationList(session: PkiSession): Promise<Answer> {
  const days = daysOf(session);
  if (session.flags.out !== undefined) requireFree(session.flags.out);
  return answerOf(session, await publishLists(registryOf(session), days));
}

function daysOf({ flags, language }: PkiSession): number {
  return flags.days === undefined ? listDays : positive('--days', flags.days, language);
}

function answerOf({ flags, texts }: PkiSession, lists: readonly WrittenList[]): Answer {
  if (flags.out !== undefined) {
    writeOutput(flags.out, lists.map(({ der }) => revocationListPem(der)).join(''));
  }
  const [newest, ...older] = lists.map(({ file, number, revoked, nextUpdate }, at) => ({
    file: at === 0 ? (flags.out ?? file) : file,
    number: Number(number),
    revoked,
    nextUpdate: new Date(nextUpdate).toISOString(),
  }));
  return {
    json: { ...newest, ...(older.length === 0 ? {} : { older }) },
    lines: [newest, ...older].flatMap(list =>
      list ? [texts.listWritten(list.file, BigInt(list.number), list.revoked)] : [],
    ),
  };
}
