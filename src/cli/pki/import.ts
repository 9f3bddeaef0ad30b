/** `pki import`, `pki trust`: certificates, keys, authorities and revocation lists that others have made. */
import { XmError } from '../../core/errors.ts';
import { hex } from '../../core/message.ts';
import type { Queryable } from '../../db/database.ts';
import { listCertificates, revokeCertificate, type StoredCertificate } from '../../db/system/certificate.ts';
import {
  distrustAuthority,
  keepRevocationList,
  revocationLists,
  trustAuthority,
  trustedAuthorities,
} from '../../db/system/trusted-authority.ts';
import { type Certificate, isSelfSigned, readCertificate, readCertificates } from '../../pki/certificate.ts';
import { type Trust, verifyChain } from '../../pki/chain.ts';
import { type Imported, readImport } from '../../pki/import.ts';
import { isRevocationList, readRevocationList } from '../../pki/revocation-list.ts';
import { requireSuitableCertificate } from '../../pki/suitable-key.ts';
import { described } from './listing.ts';
import {
  type Answer,
  clientOf,
  clockMs,
  columns,
  day,
  fileWithJournal,
  journal,
  needed,
  type PkiSession,
  passphraseOf,
  readInput,
} from './session.ts';

const pageSize = 1_000;

export async function importFile(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const file = needed(session, session.texts.file, args[0]);
  const bytes = readInput(file);
  if (isRevocationList(bytes)) return importList(session, bytes);
  const client = await clientOf(session);
  if (!client && !session.flags.server) needed(session, '--client | --server', undefined);
  const imported = readImport(file, bytes, passphraseOf(session.flags));
  const { certificate } = imported;
  if (!certificate) throw new XmError('certificate-invalid', { detail: file });
  requireSuitableCertificate(certificate);
  const role = client ? 'station' : 'server';
  await session.system.transaction(async connection => {
    const chain = verifyChain(certificate, await trustOf(session, connection, imported.chain), session.now);
    // What stands between is needed again to check revocation lists.
    for (const between of chain.slice(1, -1)) await keepAuthority(connection, between, false);
    await fileWithJournal(connection, 'certificate-import', certificate, { client: client?.matricule, role });
    if (role === 'server') keepServerKey(session, imported, certificate);
  });
  return {
    json: described(session, { certificate, role }),
    lines: [session.texts.imported(certificate.subject)],
  };
}

/** With its private key a further generation; without one it is for the key that `pki request make` made. */
function keepServerKey({ store }: PkiSession, { privateKey }: Imported, certificate: Certificate): void {
  if (privateKey) store.addGeneration('server', { certificate, privateKey });
  else if (!store.keepCertificate('server', certificate)) {
    throw new XmError('key-missing', { subject: certificate.subject });
  }
}

/** Our own authority counts as trusted, too. */
async function trustOf(
  { store }: PkiSession,
  database: Queryable,
  intermediates: readonly Certificate[],
): Promise<Trust> {
  const own = store.authorityCertificate();
  const known = (await trustedAuthorities(database)).map(({ der, anchor }) => ({
    certificate: readCertificate(der),
    anchor,
  }));
  return {
    anchors: [...(own ? [own] : []), ...known.flatMap(one => (one.anchor ? [one.certificate] : []))],
    intermediates: [...intermediates, ...known.flatMap(one => (one.anchor ? [] : [one.certificate]))],
    revocationLists: (await revocationLists(database)).map(readRevocationList),
  };
}

/** Keeps the list, and revokes here what it names, and what authorities that it names have issued. */
async function importList(session: PkiSession, bytes: Buffer): Promise<Answer> {
  const { system, texts, now } = session;
  const list = readRevocationList(bytes);
  const authorities = (await trustedAuthorities(system)).map(({ der }) => readCertificate(der));
  const issuer = authorities.find(authority => list.isOf(authority));
  if (!issuer) throw new XmError('revocation-list-issuer');
  if (list.nextUpdate < now) {
    throw new XmError('revocation-list-stale', { issuer: issuer.subject, until: day(list.nextUpdate) });
  }
  const { der, thisUpdate, nextUpdate, revoked } = list;
  // Until then no newer list would be taken for one.
  if (thisUpdate > now + clockMs) {
    throw new XmError('revocation-list-invalid', { detail: `thisUpdate ${day(thisUpdate)}` });
  }
  await keepRevocationList(system, { authority: issuer.keyId, der, thisUpdate, nextUpdate });
  const isAuthorityNamed = authorities.some(one => one.issuer === issuer.subject && revoked.has(one.serial));
  const trusted = isAuthorityNamed ? await trustOf(session, system, []) : undefined;
  let count = 0;
  let after: StoredCertificate | undefined;
  do {
    const page = await listCertificates(system, {}, pageSize, after);
    for (const stored of page) {
      const certificate = readCertificate(stored.der);
      if (stored.revokedAt !== undefined) continue;
      const named = certificate.issuer === issuer.subject ? revoked.get(certificate.serial) : undefined;
      const isBelow = !named && trusted !== undefined && isWithdrawn(certificate, trusted, now);
      const entry = isBelow ? ({ at: now, reason: 'cACompromise' } as const) : named;
      if (!entry) continue;
      count++;
      await system.transaction(async connection => {
        await revokeCertificate(connection, stored.keyId, entry.at, entry.reason);
        await journal(connection, 'certificate-revoke', {
          key: hex(stored.keyId),
          subject: certificate.subject,
          reason: entry.reason,
          list: issuer.subject,
        });
      });
    }
    after = page.length === pageSize ? page.at(-1) : undefined;
  } while (after);
  return {
    json: { issuer: issuer.subject, nextUpdate: new Date(nextUpdate).toISOString(), revoked: count },
    lines: [texts.listKept(issuer.subject, count)],
  };
}

/** No way leads to an authority but by what one of the lists has withdrawn. */
function isWithdrawn(certificate: Certificate, trust: Trust, now: number): boolean {
  try {
    verifyChain(certificate, trust, now);
    return false;
  } catch (error) {
    return error instanceof XmError && error.code === 'certificate-withdrawn';
  }
}

/**
 * Without a file: the authorities that are trusted. Of a file with a root the others stand between; of one without,
 * all are trusted as they are.
 */
export async function trust(session: PkiSession, args: readonly string[]): Promise<Answer> {
  const { system, flags, texts } = session;
  if (flags.remove !== undefined) return distrust(session, flags.remove);
  if (args[0] === undefined) {
    const known = (await trustedAuthorities(system)).map(({ der, anchor }) => ({
      ...readCertificate(der),
      anchor,
    }));
    const rows = known.map(({ subject, notAfter, fingerprint, anchor }) => [
      anchor ? texts.anchor : texts.intermediate,
      day(notAfter),
      subject,
      fingerprint,
    ]);
    return { json: known.map(jsonOf), lines: rows.length === 0 ? [texts.none] : columns(rows) };
  }
  const certificates = readCertificates(readInput(args[0]));
  if (certificates.length === 0) throw new XmError('certificate-invalid', { detail: args[0] });
  for (const { isAuthority, subject } of certificates) {
    if (!isAuthority) throw new XmError('certificate-usage', { subject, usage: 'keyCertSign' });
  }
  const roots = certificates.some(isSelfSigned);
  const added = certificates.map(certificate => ({
    ...certificate,
    anchor: !roots || isSelfSigned(certificate),
  }));
  await system.transaction(async connection => {
    for (const one of added) {
      if (!(await keepAuthority(connection, one, one.anchor))) continue;
      await journal(connection, 'authority-trust', {
        subject: one.subject,
        sha256: one.fingerprint,
        anchor: one.anchor,
      });
    }
  });
  return {
    json: added.map(jsonOf),
    lines: added.flatMap(one => [
      texts.trusted(one.subject, one.anchor),
      `${texts.sha256} ${one.fingerprint}`,
    ]),
  };
}

async function distrust({ system, texts }: PkiSession, sha256: string): Promise<Answer> {
  const fingerprint = Buffer.from(sha256.replaceAll(':', ''), 'hex');
  await system.transaction(async connection => {
    if (!(await distrustAuthority(connection, fingerprint))) {
      throw new XmError('certificate-unknown', { id: sha256 });
    }
    await journal(connection, 'authority-distrust', { sha256 });
  });
  return { json: { removed: sha256 }, lines: [texts.removed(sha256)] };
}

function keepAuthority(database: Queryable, certificate: Certificate, anchor: boolean): Promise<boolean> {
  const fingerprint = Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex');
  return trustAuthority(database, { fingerprint, der: certificate.der, anchor });
}

function jsonOf({ subject, notAfter, fingerprint, anchor }: Certificate & { readonly anchor: boolean }) {
  return { subject, notAfter: new Date(notAfter).toISOString(), sha256: fingerprint, anchor };
}
