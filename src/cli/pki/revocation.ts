/** `pki revoke`, `pki crl`: certificates withdrawn, and the list that says so. */
import { XmError } from '../../core/errors.ts';
import { hex } from '../../core/message.ts';
import { findCertificate, revokeCertificate, revokedCertificates } from '../../db/system/certificate.ts';
import { keepRevocationList, nextListNumber } from '../../db/system/trusted-authority.ts';
import type { Authority } from '../../pki/authority.ts';
import { readCertificate } from '../../pki/certificate.ts';
import {
  makeRevocationList,
  type Revocation,
  type RevocationReason,
  revocationListPem,
  revocationReasons,
} from '../../pki/revocation-list.ts';
import { positive } from '../command-line.ts';
import {
  type Answer,
  dayMs,
  journal,
  keyIdFrom,
  needed,
  oneOf,
  type PkiSession,
  requireFree,
  writeOutput,
} from './session.ts';

/** How long a list is good unless the call says otherwise. */
const listDays = 30;

/** Reasons that an operator may give. */
const given: readonly RevocationReason[] = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
];

/** Revokes at once, and makes a new list where the certificate is of our authority. */
export async function revoke(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const { store, system, flags, texts, now } = session;
  const text = needed(session, texts.key, args[0]);
  const keyId = keyIdFrom(text);
  const reason = oneOf(session, '--reason', flags.reason, given);
  const stored = keyId && (await findCertificate(system, keyId));
  if (!stored) throw new XmError('certificate-unknown', { id: text });
  const { subject, issuer, serial } = readCertificate(stored.der);
  const ours = issuer === store.authorityCertificate()?.subject;
  // Its key before anything is done: without the passphrase nothing is revoked by half.
  if (ours) store.authority();
  await system.transaction(async connection => {
    if (!(await revokeCertificate(connection, keyId, now, reason))) {
      throw new XmError('certificate-unknown', { id: text });
    }
    await journal(connection, 'certificate-revoke', { key: hex(keyId), serial, subject, reason });
  });
  const list = ours ? await revocationList(session) : undefined;
  return {
    json: { key: hex(keyId), subject, reason, list: list?.json },
    lines: [texts.revoked(subject), ...(list?.lines ?? [])],
  };
}

/**
 * A new list of all that are revoked and have not ended, signed by each root that is in date: who knows only one of
 * them needs one of its own. Kept in the folder and in the database; `--out` holds them all, the newest root's first.
 */
export async function revocationList(session: PkiSession): Promise<Answer> {
  const { store, flags, language, texts, now } = session;
  const days = flags.days === undefined ? listDays : positive('--days', flags.days, language);
  if (flags.out !== undefined) requireFree(flags.out);
  const authority = store.authority();
  const revoked = await ownRevocations(session, authority.certificate.subject);
  const former = store
    .authorities(now)
    .filter(one => one.certificate.fingerprint !== authority.certificate.fingerprint);
  const lists: WrittenList[] = [];
  for (const issuer of [authority, ...former]) lists.push(await writeList(session, issuer, revoked, days));
  if (flags.out !== undefined) {
    writeOutput(flags.out, lists.map(({ der }) => revocationListPem(der)).join(''));
  }
  const [newest, ...older] = lists.map(({ file, number }, at) => ({
    file: at === 0 ? (flags.out ?? file) : file,
    number: Number(number),
    revoked: revoked.length,
    nextUpdate: new Date(now + days * dayMs).toISOString(),
  }));
  return {
    json: { ...newest, ...(older.length === 0 ? {} : { older }) },
    lines: [newest, ...older].flatMap(list =>
      list ? [texts.listWritten(list.file, BigInt(list.number), list.revoked)] : [],
    ),
  };
}

/** Of any root: they have one name, and no serial number twice. */
async function ownRevocations({ system, now }: PkiSession, authority: string): Promise<Revocation[]> {
  // A certificate stays on the list for one list more than it lives (RFC 5280 §3.3).
  return (await revokedCertificates(system, now - listDays * dayMs)).flatMap(stored => {
    const { issuer, serial } = readCertificate(stored.der);
    const reason = revocationReasons.find(one => one === stored.revocationReason) ?? 'unspecified';
    return issuer === authority ? [{ serial, at: stored.revokedAt ?? now, reason }] : [];
  });
}

interface WrittenList {
  readonly der: Uint8Array;
  readonly file: string;
  readonly number: bigint;
}

async function writeList(
  { store, system, now }: PkiSession,
  issuer: Authority,
  revoked: readonly Revocation[],
  days: number,
): Promise<WrittenList> {
  const number = await nextListNumber(system);
  const nextUpdate = now + days * dayMs;
  const der = makeRevocationList(issuer, { number, thisUpdate: now, nextUpdate, revoked });
  const authority = issuer.certificate.keyId;
  await keepRevocationList(system, { authority, der, thisUpdate: now, nextUpdate });
  return { der, file: store.keepRevocationList(der, issuer.certificate), number };
}
