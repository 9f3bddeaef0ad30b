/** Acts on certificates, as `xmserver pki` and the console's screens do them: each in one transaction, with its journal. */
import { lineOf } from '../../core/administration/field.ts';
import { XmError } from '../../core/errors.ts';
import { hex, type KeyId } from '../../core/message.ts';
import { findCertificate, revokeCertificate, revokedCertificates } from '../../db/system/certificate.ts';
import { decideRequest, takeRequest } from '../../db/system/request.ts';
import { keepRevocationList, nextListNumber } from '../../db/system/trusted-authority.ts';
import { type Authority, issueCertificate, type Role } from '../../pki/authority.ts';
import { type Certificate, readCertificate } from '../../pki/certificate.ts';
import { readRequest } from '../../pki/request.ts';
import {
  makeRevocationList,
  type Revocation,
  type RevocationReason,
  revocationReasons,
} from '../../pki/revocation-list.ts';
import {
  clockMs,
  day,
  dayMs,
  fileWithJournal,
  journal,
  type Registry,
  requireSame,
  yearMs,
} from './session.ts';

export const stationYears = 2;
/** Characters: a line to read. */
const longestReason = 200;
/** How long a list is good unless somebody says otherwise. */
export const listDays = 30;

/**
 * Gives the client whose request waits his certificate. It names him as he stands in the database; what the request
 * calls itself does not count. `fingerprint` is what he has read, blanks aside; `keep` is still of the transaction.
 * Throws `request-unknown`, `fingerprint-different`, and what the authority's key may throw.
 */
export function acceptWaiting(
  { store, system, now, operator }: Registry,
  id: number,
  fingerprint: string,
  {
    years = stationYears,
    keep,
  }: { readonly years?: number; readonly keep?: (made: Certificate) => void } = {},
): Promise<Certificate> {
  const authority = store.authority();
  return system.transaction(async connection => {
    const waiting = await takeRequest(connection, id);
    if (!waiting) throw new XmError('request-unknown', { id });
    requireSame(id, fingerprint, waiting.fingerprint);
    const certificate = issueCertificate(authority, {
      subject: { commonName: waiting.clientName, serialNumber: `${waiting.client}` },
      publicKey: readRequest(waiting.der).publicKey,
      role: 'station',
      notBefore: now - clockMs,
      notAfter: now + years * yearMs,
    });
    const owner = { client: waiting.client, role: 'station' } as const;
    await fileWithJournal(connection, 'request-accept', certificate, owner, operator);
    await decideRequest(connection, id, 'accepted');
    keep?.(certificate);
    return certificate;
  });
}

/** `given` is for the client to read. Throws `request-unknown`, `reason-invalid`. */
export async function refuseWaiting(
  { system, operator }: Registry,
  id: number,
  given: string,
): Promise<void> {
  const reason = lineOf(given, 'reason-invalid', longestReason, 1);
  return system.transaction(async connection => {
    const waiting = await takeRequest(connection, id);
    if (!waiting) throw new XmError('request-unknown', { id });
    await decideRequest(connection, id, 'refused', reason);
    const key = hex(readRequest(waiting.der).keyId);
    await journal(connection, 'request-refuse', { id, client: waiting.client, key, reason }, operator);
  });
}

/** What was withdrawn, and the lists that say so; none where the certificate is not of our authority. */
export interface Withdrawal {
  readonly subject: string;
  readonly role: Role;
  readonly lists: readonly WrittenList[];
}

/** Revokes at once. `id` is the key as it was named. Throws `certificate-unknown`, and what the authority's key may throw. */
export async function withdraw(
  registry: Registry,
  keyId: KeyId,
  reason: RevocationReason,
  days = listDays,
): Promise<Withdrawal> {
  const { store, system, now, operator } = registry;
  const stored = await findCertificate(system, keyId);
  if (!stored) throw new XmError('certificate-unknown', { id: hex(keyId) });
  const { subject, issuer, serial } = readCertificate(stored.der);
  const ours = issuer === store.authorityCertificate()?.subject;
  // Its key before anything is done: without the passphrase nothing is revoked by half.
  if (ours) store.authority();
  await system.transaction(async connection => {
    if (!(await revokeCertificate(connection, keyId, now, reason))) {
      throw new XmError('certificate-unknown', { id: hex(keyId) });
    }
    await journal(connection, 'certificate-revoke', { key: hex(keyId), serial, subject, reason }, operator);
  });
  return { subject, role: stored.role, lists: ours ? await writeLists(registry, days) : [] };
}

export interface WrittenList {
  readonly der: Uint8Array;
  readonly file: string;
  readonly number: bigint;
  readonly revoked: number;
  readonly nextUpdate: number;
}

/**
 * A new list of all that are revoked and have not ended, signed by each root that is in date: who knows only one of
 * them needs one of its own. Kept in the folder and in the database; the newest root's first.
 */
async function writeLists(registry: Registry, days: number): Promise<WrittenList[]> {
  const { store, now } = registry;
  const authority = store.authority();
  const revoked = await ownRevocations(registry, authority.certificate.subject);
  const former = store
    .authorities(now)
    .filter(one => one.certificate.fingerprint !== authority.certificate.fingerprint);
  const lists: WrittenList[] = [];
  for (const issuer of [authority, ...former]) lists.push(await writeList(registry, issuer, revoked, days));
  return lists;
}

/** `writeLists` as an act of its own, with its journal. */
export async function publishLists(registry: Registry, days: number): Promise<WrittenList[]> {
  const { system, operator } = registry;
  const lists = await writeLists(registry, days);
  const detail = lists.map(({ number, revoked, nextUpdate }) => ({
    number: Number(number),
    revoked,
    until: day(nextUpdate),
  }));
  await journal(system, 'revocation-list', { lists: detail }, operator);
  return lists;
}

/** Of any root: they have one name, and no serial number twice. */
async function ownRevocations({ system, now }: Registry, authority: string): Promise<Revocation[]> {
  // A certificate stays on the list for one list more than it lives (RFC 5280 §3.3).
  return (await revokedCertificates(system, now - listDays * dayMs)).flatMap(stored => {
    const { issuer, serial } = readCertificate(stored.der);
    const reason = revocationReasons.find(one => one === stored.revocationReason) ?? 'unspecified';
    return issuer === authority ? [{ serial, at: stored.revokedAt ?? now, reason }] : [];
  });
}

async function writeList(
  { store, system, now }: Registry,
  issuer: Authority,
  revoked: readonly Revocation[],
  days: number,
): Promise<WrittenList> {
  const number = await nextListNumber(system);
  const nextUpdate = now + days * dayMs;
  const der = makeRevocationList(issuer, { number, thisUpdate: now, nextUpdate, revoked });
  const authority = issuer.certificate.keyId;
  await keepRevocationList(system, { authority, der, thisUpdate: now, nextUpdate });
  const file = store.keepRevocationList(der, issuer.certificate);
  return { der, file, number, revoked: revoked.length, nextUpdate };
}
