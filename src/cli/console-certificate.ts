/** Certificates as the console's screens see them. */
import type { AuthorityRow, CertificateDetail } from '../core/console-ports.ts';
import { hex } from '../core/message.ts';
import type { StoredCertificate } from '../db/system/certificate.ts';
import { type Certificate, readCertificate, subjectOf } from '../pki/certificate.ts';
import { readName } from '../pki/name.ts';
import { spokenFingerprint } from '../pki/request.ts';
import { stateOf } from './pki/listing.ts';
import type { OutsideAuthority } from './pki/outside.ts';

/** The common name where it has one: role and client stand beside it. */
export function holderOf(certificate: Certificate): string {
  try {
    return readName(subjectOf(certificate)).commonName;
  } catch {
    return certificate.subject;
  }
}

export function authorityRow({ anchor, ...certificate }: OutsideAuthority): AuthorityRow {
  const { fingerprint, issuer, notBefore, notAfter } = certificate;
  return { key: fingerprint, holder: holderOf(certificate), issuer, notBefore, notAfter, anchor };
}

export function detailOf(stored: StoredCertificate, now: number): CertificateDetail {
  const { role, client, revokedAt, revocationReason } = stored;
  const certificate = readCertificate(stored.der);
  const { keyId, issuer, serial, spki, notBefore, notAfter, fingerprint } = certificate;
  return {
    key: hex(keyId),
    role,
    holder: holderOf(certificate),
    issuer,
    serial,
    notBefore,
    notAfter,
    sha256: fingerprint,
    fingerprint: spokenFingerprint(spki),
    state: stateOf({ now }, { certificate, stored }),
    ...(client === undefined ? {} : { client }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
    ...(revocationReason === undefined ? {} : { revocationReason }),
  };
}
