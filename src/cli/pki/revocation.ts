/** `pki revoke`, `pki crl`: certificates withdrawn, and the list that says so. */
import { XmError } from '../../core/errors.ts';
import { hex } from '../../core/message.ts';
import { findCertificate, revokeCertificate, revokedCertificates } from '../../db/system/certificate.ts';
import { keepRevocationList, nextListNumber } from '../../db/system/trusted-authority.ts';
import { readCertificate } from '../../pki/certificate.ts';
import {
  makeRevocationList,
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

/** A new list of all that are revoked and have not ended; kept in the folder and in the database. */
export async function revocationList({
  store,
  system,
  flags,
  language,
  texts,
  now,
}: PkiSession): Promise<Answer> {
  const days = flags.days === undefined ? listDays : positive('--days', flags.days, language);
  if (flags.out !== undefined) requireFree(flags.out);
  const authority = store.authority();
  // A certificate stays on the list for one list more than it lives (RFC 5280 §3.3).
  const revoked = (await revokedCertificates(system, now - listDays * dayMs)).flatMap(stored => {
    const { issuer, serial } = readCertificate(stored.der);
    const reason = revocationReasons.find(one => one === stored.revocationReason) ?? 'unspecified';
    return issuer === authority.certificate.subject ? [{ serial, at: stored.revokedAt ?? now, reason }] : [];
  });
  const number = await nextListNumber(system);
  const nextUpdate = now + days * dayMs;
  const der = makeRevocationList(authority, { number, thisUpdate: now, nextUpdate, revoked });
  await keepRevocationList(system, {
    authority: authority.certificate.keyId,
    der,
    thisUpdate: now,
    nextUpdate,
  });
  const file = store.keepRevocationList(der);
  if (flags.out !== undefined) writeOutput(flags.out, revocationListPem(der));
  const shown = flags.out ?? file;
  return {
    json: {
      file: shown,
      number: Number(number),
      revoked: revoked.length,
      nextUpdate: new Date(nextUpdate).toISOString(),
    },
    lines: [texts.listWritten(shown, number, revoked.length)],
  };
}
