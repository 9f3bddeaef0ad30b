/**
 * Chains of certificates up to an authority that is trusted (RFC 5280 §6), for certificates of outside authorities.
 * Not supported, and therefore refused: name constraints, and policies that are critical.
 */
import { X509Certificate } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { itemsOf, smallInteger, Tag } from './asn1.ts';
import { type Certificate, extensionsOf } from './certificate.ts';
import { type Extension, extensionIds, hasUsage, keyUsage, refuseCritical } from './extension.ts';
import type { RevocationList } from './revocation-list.ts';

export interface Trust {
  /** Authorities that are trusted as such, self-signed or not. */
  readonly anchors: readonly Certificate[];
  /** Certificates that may stand between, in any order. */
  readonly intermediates: readonly Certificate[];
  /** Where there is a list of an issuer, it must be in date, and what it names is refused. */
  readonly revocationLists: readonly RevocationList[];
}

/** Certificates below the anchor, and issuers tried in all: authorities that sign each other are no maze to get lost in. */
const longest = 6;
const mostTries = 50;

/** Signatures that anybody can forge (MD5), or soon could (SHA-1). */
const weakSignature = /md2|md4|md5|sha1|sha-1/i;

/** Extensions whose rules are kept here, or that have no bearing on signing and sealing. */
const understood = [
  extensionIds.basicConstraints,
  extensionIds.keyUsage,
  extensionIds.extKeyUsage,
  extensionIds.subjectAltName,
  extensionIds.certificatePolicies,
];

/**
 * The chain from the certificate to the anchor, both included. Throws `issuer-unknown`, `certificate-period`,
 * `certificate-usage`, `certificate-withdrawn`, `revocation-list-stale` or `certificate-invalid`: what the first way
 * up failed for, where no way leads to an anchor.
 */
export function verifyChain(certificate: Certificate, trust: Trust, now: number): Certificate[] {
  return climb([certificate], { ...trust, now, tries: 0 });
}

interface Search extends Trust {
  readonly now: number;
  tries: number;
}

/** `path` is from the certificate upwards; its last one is what an issuer is wanted for. */
function climb(path: readonly Certificate[], search: Search): Certificate[] {
  const last = path.at(-1) as Certificate;
  requireInDate(last, search.now);
  requireUnderstood(last);
  if (search.anchors.some(anchor => same(anchor, last))) return [...path];
  const known = [...search.anchors, ...search.intermediates].filter(
    one => !path.some(sure => same(sure, one)),
  );
  let fault: unknown;
  for (const issuer of issuersOf(last, known)) {
    if (path.length > longest || ++search.tries > mostTries) break;
    try {
      requireAuthority(issuer, path.slice(1).filter(between => between.subject !== between.issuer).length);
      requireNotRevoked(last, issuer, search);
      return climb([...path, issuer], search);
    } catch (error) {
      fault ??= error;
    }
  }
  throw fault ?? new XmError('issuer-unknown', { subject: last.subject, issuer: last.issuer });
}

/** Those of the name that the certificate gives, and whose key has signed it. */
function issuersOf(certificate: Certificate, candidates: readonly Certificate[]): Certificate[] {
  const x509 = new X509Certificate(certificate.der);
  const algorithm = x509.signatureAlgorithm ?? '';
  if (weakSignature.test(algorithm)) {
    throw new XmError('certificate-invalid', { detail: `${certificate.subject}: ${algorithm}` });
  }
  return candidates.filter(
    ({ subject, publicKey }) => subject === certificate.issuer && x509.verify(publicKey),
  );
}

function requireInDate({ subject, notBefore, notAfter }: Certificate, now: number): void {
  if (now >= notBefore && now <= notAfter) return;
  throw new XmError('certificate-period', { subject, from: day(notBefore), until: day(notAfter) });
}

function requireUnderstood(certificate: Certificate): void {
  const extensions = extensionsOf(certificate);
  try {
    refuseCritical(extensions, understood);
    // Must be critical (RFC 5280 §4.2.1.10); who says it otherwise means it all the same, and OpenSSL heeds it.
    if (extensions.has(extensionIds.nameConstraints)) throw new Error('name constraints');
  } catch (error) {
    const detail = `${certificate.subject}: ${(error as Error).message}`;
    throw new XmError('certificate-invalid', { detail }, { cause: error });
  }
}

/**
 * `below`: authorities that stand between it and the certificate at the end, self-issued ones left out
 * (pathLenConstraint, §4.2.1.9).
 */
function requireAuthority(certificate: Certificate, below: number): void {
  const extensions = extensionsOf(certificate);
  if (!certificate.isAuthority || !hasUsage(extensions, keyUsage.keyCertSign)) {
    throw new XmError('certificate-usage', { subject: certificate.subject, usage: 'keyCertSign' });
  }
  const limit = pathLimit(extensions);
  if (limit !== undefined && below > limit) {
    throw new XmError('certificate-usage', { subject: certificate.subject, usage: `pathLen ${limit}` });
  }
}

function pathLimit(extensions: ReadonlyMap<string, Extension>): number | undefined {
  const constraints = extensions.get(extensionIds.basicConstraints)?.value;
  const limit = constraints && itemsOf(constraints).find(({ type }) => type === Tag.INTEGER);
  return limit && smallInteger(limit);
}

function requireNotRevoked({ subject, serial }: Certificate, issuer: Certificate, search: Search): void {
  const [newest] = search.revocationLists
    .filter(list => list.isOf(issuer))
    .sort((a, b) => b.thisUpdate - a.thisUpdate);
  const entry = newest?.revoked.get(serial);
  // Told even where the list is out of date: a newer one seldom gives back what this one has withdrawn.
  if (entry) throw new XmError('certificate-withdrawn', { subject, at: day(entry.at) });
  if (newest && newest.nextUpdate < search.now) {
    throw new XmError('revocation-list-stale', { issuer: issuer.subject, until: day(newest.nextUpdate) });
  }
}

function same(a: Certificate, b: Certificate): boolean {
  return a.fingerprint === b.fingerprint;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
