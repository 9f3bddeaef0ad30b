/** What CMS needs of an X.509 certificate (RFC 5280 §4.1): how it is named, and its key. Nothing is believed here. */
import { type DerReader, der, malformed, oid, DerReader as Reader, Tag } from './der.ts';
import type { CertificateId } from './recipient-info.ts';

export interface CertificateKey {
  readonly issuerAndSerial: Buffer;
  readonly subjectKeyId?: Buffer;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Buffer;
}

const subjectKeyIdentifier = oid('2.5.29.14');
const extensionsTag = 0xa3;

/** Refuses with `sdc-malformed`. */
export function readCertificate(certificate: Buffer): CertificateKey {
  const fields = new Reader(certificate)
    .enter(Tag.sequence, 'certificate')
    .enter(Tag.sequence, 'certificate');
  fields.skip(Tag.explicit0, 'certificate version');
  const serial = fields.element(Tag.integer, 'certificate serial number');
  fields.skip(Tag.sequence, 'certificate signature');
  const issuer = fields.element(Tag.sequence, 'certificate issuer');
  fields.skip(Tag.sequence, 'certificate validity');
  fields.skip(Tag.sequence, 'certificate subject');
  const spki = fields.element(Tag.sequence, 'certificate key');
  const issuerAndSerial = der(Tag.sequence, issuer, serial);
  const subjectKeyId = readSubjectKeyId(fields);
  return { issuerAndSerial, spki, ...(subjectKeyId ? { subjectKeyId } : {}) };
}

export function isNamed(certificate: CertificateKey, id: CertificateId): boolean {
  return 'keyId' in id
    ? certificate.subjectKeyId?.equals(id.keyId) === true
    : certificate.issuerAndSerial.equals(id.issuerAndSerial);
}

function readSubjectKeyId(fields: DerReader): Buffer | undefined {
  // issuerUniqueID and subjectUniqueID are of X.509 version 2, and nobody has them.
  if (fields.peek !== extensionsTag) return undefined;
  const extensions = fields
    .enter(extensionsTag, 'certificate extensions')
    .enter(Tag.sequence, 'certificate extensions');
  while (extensions.peek !== undefined) {
    const extension = extensions.enter(Tag.sequence, 'certificate extension');
    if (!extension.element(Tag.oid, 'certificate extension').equals(subjectKeyIdentifier)) continue;
    if (extension.peek === Tag.boolean) extension.bytes(Tag.boolean, 'certificate extension');
    const value = extension.bytes(Tag.octetString, 'subject key identifier');
    const reader = new Reader(value);
    const keyId = reader.bytes(Tag.octetString, 'subject key identifier');
    reader.done('subject key identifier');
    if (keyId.length === 0) throw malformed('subject key identifier');
    return keyId;
  }
  return undefined;
}
