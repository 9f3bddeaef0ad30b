/** Our own authority: an EC P-256 root, and the X.509 v3 certificates that it issues (RFC 5280). */
import { type KeyObject, randomBytes } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { keyIdOf } from '../core/key-id.ts';
import type { KeyId } from '../core/message.ts';
import { alternativeNames } from './alternative-name.ts';
import {
  type Asn1,
  decode,
  integer,
  namedBits,
  octets,
  oid,
  sequence,
  tagged,
  taggedOctets,
  time,
  truth,
} from './asn1.ts';
import { type Certificate, readCertificate, spkiOf, subjectOf } from './certificate.ts';
import { extension, keyUsage, purpose } from './extension.ts';
import { type KeyPair, makeKey } from './key-file.ts';
import { nameOf, type SubjectName } from './name.ts';
import { signatureAlgorithm, signed } from './signed.ts';
import { requireSuitable } from './suitable-key.ts';

export interface Authority {
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
}

/** What a certificate is for. */
export type Role = 'server' | 'station' | 'operator' | 'signatory';

/** Or for a TLS listener that other programs run for us: a broker, a PostgreSQL. */
type Purpose = Role | 'listener';

export interface CertificateOrder {
  readonly subject: SubjectName;
  readonly publicKey: KeyObject;
  readonly role: Purpose;
  /** Names and addresses under which TLS clients find the holder. */
  readonly hosts?: readonly string[];
  /** Milliseconds since 1970; what lies outside the authority's own period is cut off. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A signatory signs and nothing else; the others are sealed to, too, and log in to brokers. */
const purposes: Readonly<Record<Purpose, readonly string[]>> = {
  server: [purpose.serverAuth, purpose.clientAuth, purpose.emailProtection],
  station: [purpose.clientAuth, purpose.emailProtection],
  operator: [purpose.clientAuth, purpose.emailProtection],
  signatory: [purpose.emailProtection],
  listener: [purpose.serverAuth],
};

/** A new root, valid from a day before `now` (clocks of stations go wrong) for so many years. */
export function createAuthority(options: {
  readonly commonName: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly years: number;
  /** A key that is there already: of a start that was cut off, or of an authority whose certificate was lost. */
  readonly keys?: KeyPair;
}): Authority {
  const keys = options.keys ?? makeKey('ec');
  const end = new Date(options.now);
  end.setUTCFullYear(end.getUTCFullYear() + options.years);
  const certificate = certifyAuthority(keys, {
    name: nameOf({ commonName: options.commonName }),
    spki: spkiOf(keys.publicKey),
    notBefore: options.now - 86_400_000,
    notAfter: end.getTime(),
  });
  return { certificate, privateKey: keys.privateKey };
}

/** A key of the authority of this name, certified by its own or by another key of it. */
export function certifyAuthority(
  { privateKey, publicKey }: KeyPair,
  key: {
    readonly name: Asn1;
    readonly spki: Uint8Array;
    readonly notBefore: number;
    readonly notAfter: number;
  },
): Certificate {
  const { name, ...rest } = key;
  return signCertificate(privateKey, {
    ...rest,
    issuer: name,
    issuerKeyId: keyIdOf(spkiOf(publicKey)),
    subject: name,
    extensions: [
      // pathLenConstraint 0: it issues no further authorities.
      extension('basicConstraints', true, sequence(truth(), integer(0))),
      extension('keyUsage', true, namedBits(keyUsage.keyCertSign, keyUsage.crlSign)),
    ],
  });
}

/** Throws `key-unsuitable`, `host-name`, and `certificate-invalid` where nothing is left of the period. */
export function issueCertificate(authority: Authority, order: CertificateOrder): Certificate {
  requireSuitable(order.publicKey);
  const { certificate, privateKey } = authority;
  const notBefore = Math.max(order.notBefore, certificate.notBefore);
  const notAfter = Math.min(order.notAfter, certificate.notAfter);
  if (notBefore >= notAfter) throw new XmError('certificate-invalid', { detail: 'notAfter ≤ notBefore' });
  return signCertificate(privateKey, {
    issuer: subjectOf(certificate),
    issuerKeyId: certificate.keyId,
    subject: nameOf(order.subject),
    spki: spkiOf(order.publicKey),
    notBefore,
    notAfter,
    extensions: [
      extension('basicConstraints', true, sequence()),
      extension('keyUsage', true, namedBits(...usagesOf(order))),
      extension('extKeyUsage', false, sequence(...purposes[order.role].map(oid))),
      ...(order.hosts?.length ? [extension('subjectAltName', false, alternativeNames(order.hosts))] : []),
    ],
  });
}

function usagesOf({ role, publicKey }: CertificateOrder): number[] {
  if (role === 'signatory') return [keyUsage.digitalSignature, keyUsage.contentCommitment];
  const rsa = publicKey.asymmetricKeyType === 'rsa';
  // ECDHE only signs; key agreement with a certificate's own key is gone from TLS 1.3.
  if (role === 'listener' && !rsa) return [keyUsage.digitalSignature];
  return [keyUsage.digitalSignature, rsa ? keyUsage.keyEncipherment : keyUsage.keyAgreement];
}

interface Contents {
  readonly issuer: Asn1;
  readonly issuerKeyId: KeyId;
  readonly subject: Asn1;
  readonly spki: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly Asn1[];
}

/** TBSCertificate, version 3, with both key identifiers (RFC 5280 §4.1.2). */
function signCertificate(issuerKey: KeyObject, contents: Contents): Certificate {
  const { issuer, issuerKeyId, subject, spki, notBefore, notAfter, extensions } = contents;
  const der = signed(
    issuerKey,
    sequence(
      tagged(0, integer(2)),
      integer(newSerial()),
      signatureAlgorithm(issuerKey),
      issuer,
      sequence(time(notBefore), time(notAfter)),
      subject,
      decode(spki),
      tagged(
        3,
        sequence(
          ...extensions,
          extension('subjectKeyIdentifier', false, octets(keyIdOf(spki))),
          extension('authorityKeyIdentifier', false, sequence(taggedOctets(0, issuerKeyId))),
        ),
      ),
    ),
  );
  return readCertificate(der);
}

/** 16 bytes, positive and of constant length, 126 bits of them random (RFC 5280 §4.1.2.2). */
function newSerial(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] as number) & 0x7f) | 0x40;
  return serial;
}
