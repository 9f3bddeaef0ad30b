/** The installation's own authority and the server's key: made at first start, all generations read afterwards. */
import type { DataFolder } from '../config.ts';
import { XmError } from '../core/errors.ts';
import { hex } from '../core/message.ts';
import type { Queryable } from '../db/database.ts';
import { listCertificates } from '../db/system/certificate.ts';
import { environmentPassphrase } from '../environment.ts';
import { issueCertificate } from '../pki/authority.ts';
import { accepted, signerOf } from '../pki/generation.ts';
import { type KeyGeneration, KeyStore } from '../pki/key-store.ts';

const yearMs = 365.25 * 86_400_000;
/** How long stations have to learn of a new key of the server before it signs. */
const leadMs = 30 * 86_400_000;
const mostGenerations = 10_000;

export interface ServerKeys {
  readonly store: KeyStore;
  /** What opens, the newest first: stations go over to a new key when they can. */
  readonly accepted: readonly KeyGeneration[];
  /** What signs. */
  readonly signer: KeyGeneration;
}

/** Since when (milliseconds since 1970), by key id in hexadecimal. */
type Revocations = ReadonlyMap<string, number>;

/**
 * Reads them; makes what is missing. Throws `key-passphrase`, `key-invalid`, `certificate-invalid`, and
 * `certificate-revoked` or `certificate-expired` where none is left.
 */
export function serverKeys(folder: DataFolder, now: number, revoked: Revocations = new Map()): ServerKeys {
  const store = storeOf(folder);
  if (store.certificates('server').length === 0) makeServerKey(store, now);
  return keysOf(store, now, revoked);
}

/** As `serverKeys`, of a folder that has them: where they are gone, nobody asked for others. */
export function readServerKeys(folder: DataFolder, now: number, revoked: Revocations): ServerKeys {
  return keysOf(storeOf(folder), now, revoked);
}

/** Which of them are in force, as `serverKeys` chooses them, by their certificates alone; what signs is undefined where none is left. */
export function keysInForce<T extends Pick<KeyGeneration, 'certificate'>>(
  keys: readonly T[],
  now: number,
  revoked: Revocations,
): { readonly accepted: readonly T[]; readonly signer: T | undefined } {
  const generations = keys.map(one => {
    const { notBefore, notAfter, keyId } = one.certificate;
    return { ...one, notBefore, notAfter, revokedAt: revoked.get(hex(keyId)) };
  });
  return { accepted: accepted(generations, now), signer: signerOf(generations, now, leadMs) };
}

function keysOf(store: KeyStore, now: number, revoked: Revocations): ServerKeys {
  const generations = store.generations('server');
  const inForce = keysInForce(generations, now, revoked);
  if (!inForce.signer) {
    const isRevoked = generations.some(({ certificate }) => revoked.has(hex(certificate.keyId)));
    throw new XmError(isRevoked ? 'certificate-revoked' : 'certificate-expired');
  }
  return { store, accepted: inForce.accepted, signer: inForce.signer };
}

function storeOf(folder: DataFolder): KeyStore {
  return new KeyStore(folder.path, environmentPassphrase());
}

/** The folder has the keys, the database what was said of them since. */
export async function revokedServerKeys(system: Queryable): Promise<Revocations> {
  const all = await listCertificates(system, { role: 'server' }, mostGenerations);
  return new Map(
    all.flatMap(({ keyId, revokedAt }) => (revokedAt === undefined ? [] : [[hex(keyId), revokedAt]])),
  );
}

/** What goes along with a client's certificate: the newest root, and the ways from it to older ones. The wire has room for 7. */
export function authoritiesAbove(store: KeyStore, now: number): Uint8Array[] {
  const newest = store.authorityCertificate();
  const above = newest ? [newest, ...store.authorityChain(now)] : [];
  return above.slice(0, 7).map(({ der }) => der);
}

function makeServerKey(store: KeyStore, now: number): void {
  // Two names: a certificate that bears its issuer's name looks self-signed.
  if (!store.authorityCertificate()) store.createAuthority({ commonName: 'XMServer CA', now, years: 20 });
  const certificate = issueCertificate(store.authority(), {
    subject: { commonName: 'XMServer' },
    publicKey: store.pendingKey('server', 'ec').publicKey,
    role: 'server',
    notBefore: now - 3_600_000, // a station's clock may be behind
    notAfter: now + 5 * yearMs,
  });
  store.keepCertificate('server', certificate);
}
