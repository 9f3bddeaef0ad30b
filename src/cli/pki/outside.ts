/**
 * What others have made, certificates, authorities and revocation lists: read and checked first, entered then; as
 * `xmserver pki` and the console's screens do it.
 */
import { XmError } from '../../core/errors.ts';
import { hex } from '../../core/message.ts';
import type { Database, Queryable } from '../../db/database.ts';
import {
  findCertificate,
  listCertificates,
  revokeCertificate,
  type StoredCertificate,
} from '../../db/system/certificate.ts';
import {
  distrustAuthority,
  keepRevocationList,
  revocationLists,
  trustAuthority,
  trustedAuthorities,
} from '../../db/system/trusted-authority.ts';
import type { Role } from '../../pki/authority.ts';
import { type Certificate, isSelfSigned, readCertificate, readCertificates } from '../../pki/certificate.ts';
import { type Trust, verifyChain } from '../../pki/chain.ts';
import { type Imported, readImport } from '../../pki/import.ts';
import type { KeyStore } from '../../pki/key-store.ts';
import { type Revocation, type RevocationList, readRevocationList } from '../../pki/revocation-list.ts';
import { requireSuitableCertificate } from '../../pki/suitable-key.ts';
import { clockMs, day, fileWithJournal, journal, type Owner, type Registry } from './session.ts';

const pageSize = 1_000;

/** A file that has a certificate in it. */
export type Certified = Imported & { readonly certificate: Certificate };

/** `file` is its name in errors. Throws what `readImport` throws, `key-unsuitable`, `certificate-usage`. */
export function readCertified(
  file: string,
  bytes: Uint8Array,
  passphrase: string | undefined,
  role: Role,
): Certified {
  const imported = readImport(file, bytes, passphrase);
  const { certificate } = imported;
  if (!certificate) throw new XmError('certificate-invalid', { detail: file });
  requireSuitableCertificate(certificate, role === 'server' || role === 'station');
  return { ...imported, certificate };
}

/**
 * Whether it could be registered now. Throws what `verifyChain` throws, `certificate-registered`, `certificate-known`,
 * `key-missing`.
 */
export async function requireRegistrable(
  registry: Pick<Registry, 'store' | 'system' | 'now'>,
  found: Certified,
  owner: Owner,
): Promise<void> {
  const { store, system } = registry;
  const { certificate } = found;
  const stored = await requireNew(system, certificate, owner);
  if (stored && Buffer.from(stored.der).equals(certificate.der)) {
    throw new XmError('certificate-registered', { subject: certificate.subject });
  }
  await chainOf(registry, system, found);
  if (owner.role === 'server') requireServerKey(store, found);
}

/**
 * One of the same key, owner and role takes the other's place unless it ends earlier (`fileCertificate`): returns that
 * other. Throws `certificate-known`.
 */
export async function requireNew(
  database: Queryable,
  { keyId, subject, notAfter }: Pick<Certificate, 'keyId' | 'subject' | 'notAfter'>,
  { client, role }: Owner,
): Promise<StoredCertificate | undefined> {
  const stored = await findCertificate(database, keyId);
  if (!stored) return undefined;
  const isOwn = stored.client === client && stored.role === role && stored.revokedAt === undefined;
  if (!isOwn || stored.notAfter > notAfter) throw new XmError('certificate-known', { subject });
  return stored;
}

/**
 * Registers it within a transaction, with its journal. Throws what `verifyChain` throws, `certificate-known`, and
 * `key-missing` of a server's whose key is neither in the file nor waits here.
 */
export async function register(
  registry: Registry,
  connection: Queryable,
  found: Certified,
  owner: Owner,
): Promise<void> {
  const { certificate, privateKey } = found;
  const { store, operator } = registry;
  const chain = await chainOf(registry, connection, found);
  // What stands between is needed again to check revocation lists.
  for (const between of chain.slice(1, -1)) await keepAuthority(connection, between, false);
  await fileWithJournal(connection, 'certificate-import', certificate, owner, operator);
  if (owner.role !== 'server') return;
  requireServerKey(store, found);
  // With its private key a further generation; without one it is for the key that `pki request make` made.
  if (privateKey) store.addGeneration('server', { certificate, privateKey });
  else store.keepCertificate('server', certificate);
}

function requireServerKey(store: KeyStore, { privateKey, certificate }: Certified): void {
  if (privateKey ?? store.waitingKey('server')?.publicKey.equals(certificate.publicKey)) return;
  throw new XmError('key-missing', { subject: certificate.subject });
}

async function chainOf(
  { store, now }: Pick<Registry, 'store' | 'now'>,
  database: Queryable,
  { certificate, chain }: Certified,
): Promise<Certificate[]> {
  return verifyChain(certificate, await trustOf(store, database, chain), now);
}

/** Our own authority counts as trusted, too. */
async function trustOf(
  store: KeyStore,
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

export interface OutsideAuthority extends Certificate {
  /** False: it stands between. */
  readonly anchor: boolean;
}

/**
 * Of a file with a root the others stand between; of one without, all are trusted as they are. `file` is its name in
 * errors. Throws `certificate-invalid`, `certificate-usage`.
 */
export function readAuthorities(file: string, bytes: Uint8Array): OutsideAuthority[] {
  const certificates = readCertificates(bytes);
  if (certificates.length === 0) throw new XmError('certificate-invalid', { detail: file });
  for (const { isAuthority, subject } of certificates) {
    if (!isAuthority) throw new XmError('certificate-usage', { subject, usage: 'keyCertSign' });
  }
  const roots = certificates.some(isSelfSigned);
  return certificates.map(certificate => ({ ...certificate, anchor: !roots || isSelfSigned(certificate) }));
}

/** Those that are trusted already are left as they are. */
export function trustAuthorities(
  { system, operator }: Registry,
  authorities: readonly OutsideAuthority[],
): Promise<void> {
  return system.transaction(async connection => {
    for (const one of authorities) {
      if (!(await keepAuthority(connection, one, one.anchor))) continue;
      const { subject, fingerprint: sha256, anchor } = one;
      await journal(connection, 'authority-trust', { subject, sha256, anchor }, operator);
    }
  });
}

/** Throws `certificate-unknown`. */
export function removeAuthority({ system, operator }: Registry, sha256: string): Promise<void> {
  const fingerprint = Buffer.from(sha256.replaceAll(':', ''), 'hex');
  return system.transaction(async connection => {
    if (!(await distrustAuthority(connection, fingerprint))) {
      throw new XmError('certificate-unknown', { id: sha256 });
    }
    await journal(connection, 'authority-distrust', { sha256 }, operator);
  });
}

/** In the order in which they came. */
export async function outsideAuthorities(system: Database): Promise<OutsideAuthority[]> {
  return (await trustedAuthorities(system)).map(({ der, anchor }) => ({ ...readCertificate(der), anchor }));
}

function keepAuthority(database: Queryable, certificate: Certificate, anchor: boolean): Promise<boolean> {
  const fingerprint = Buffer.from(certificate.fingerprint.replaceAll(':', ''), 'hex');
  return trustAuthority(database, { fingerprint, der: certificate.der, anchor });
}

export interface OutsideList extends RevocationList {
  readonly issuer: Certificate;
}

/** Throws `revocation-list-invalid`, `revocation-list-issuer`, `revocation-list-stale`. */
export async function readOutsideList(
  { system, now }: Pick<Registry, 'system' | 'now'>,
  bytes: Uint8Array,
): Promise<OutsideList> {
  const list = readRevocationList(bytes);
  const issuer = (await outsideAuthorities(system)).find(authority => list.isOf(authority));
  if (!issuer) throw new XmError('revocation-list-issuer');
  if (list.nextUpdate < now) {
    throw new XmError('revocation-list-stale', { issuer: issuer.subject, until: day(list.nextUpdate) });
  }
  // Until then no newer list would be taken for one.
  if (list.thisUpdate > now + clockMs) {
    throw new XmError('revocation-list-invalid', { detail: `thisUpdate ${day(list.thisUpdate)}` });
  }
  return { ...list, issuer };
}

/** Keeps the list, and revokes here what it names. Returns how many were revoked. */
export function takeInList(registry: Registry, list: OutsideList): Promise<number> {
  const { system, operator } = registry;
  const { issuer, der, thisUpdate, nextUpdate } = list;
  return system.transaction(async connection => {
    await keepRevocationList(connection, { authority: issuer.keyId, der, thisUpdate, nextUpdate });
    const named = await namedBy(registry, connection, list);
    for (const { certificate, at, reason } of named) {
      const { keyId, subject } = certificate;
      await revokeCertificate(connection, keyId, at, reason);
      const detail = { key: hex(keyId), subject, reason, list: issuer.subject };
      await journal(connection, 'certificate-revoke', detail, operator);
    }
    const detail = { issuer: issuer.subject, until: day(nextUpdate), revoked: named.length };
    await journal(connection, 'revocation-list-import', detail, operator);
    return named.length;
  });
}

export type Withdrawn = Pick<Revocation, 'at' | 'reason'> & { readonly certificate: Certificate };

/** Those registered here that are not revoked yet, and that the list names, or that an authority which it names has issued. */
export async function namedBy(
  { store, now }: Pick<Registry, 'store' | 'now'>,
  database: Queryable,
  list: OutsideList,
): Promise<Withdrawn[]> {
  const { issuer, revoked } = list;
  const trust = await trustOf(store, database, []);
  const isAuthorityNamed = [...trust.anchors, ...trust.intermediates].some(
    one => one.issuer === issuer.subject && revoked.has(one.serial),
  );
  const withList = { ...trust, revocationLists: [...trust.revocationLists, list] };
  const named: Withdrawn[] = [];
  let after: StoredCertificate | undefined;
  do {
    const page = await listCertificates(database, {}, pageSize, after);
    for (const stored of page) {
      if (stored.revokedAt !== undefined) continue;
      const certificate = readCertificate(stored.der);
      const entry = certificate.issuer === issuer.subject ? revoked.get(certificate.serial) : undefined;
      if (entry) named.push({ certificate, at: entry.at, reason: entry.reason });
      else if (isAuthorityNamed && isWithdrawn(certificate, withList, now)) {
        named.push({ certificate, at: now, reason: 'cACompromise' });
      }
    }
    after = page.length === pageSize ? page.at(-1) : undefined;
  } while (after);
  return named;
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
