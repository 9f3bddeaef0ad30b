/** X.509 certificates (RFC 5280): read, named, written as text. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { keyIdOf } from '../core/key-id.ts';
import type { KeyId } from '../core/message.ts';
import { type Asn1, decodeBer, itemsOf, taggedItems } from './asn1.ts';
import { type Extension, readExtensions } from './extension.ts';
import { isText, pem, readPem } from './pem.ts';

export interface Certificate {
  readonly der: Uint8Array;
  readonly keyId: KeyId;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly publicKey: KeyObject;
  /** `CN=Mbalmayo II, serialNumber=1024`: RFC 2253 escapes, in the order of the certificate. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal, upper case, as OpenSSL prints it. */
  readonly serial: string;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256 of the DER: hexadecimal pairs with colons, upper case. */
  readonly fingerprint: string;
  /** It may sign other certificates (basicConstraints). */
  readonly isAuthority: boolean;
}

/** Reads a certificate, PEM (the first of the text) or DER. Throws `certificate-invalid`. */
export function readCertificate(bytes: Uint8Array | string): Certificate {
  const [first] = readCertificates(bytes);
  if (!first) throw new XmError('certificate-invalid', { detail: 'no certificate' });
  return first;
}

/** All the certificates of a PEM text, in its order; one of DER. Throws `certificate-invalid` for any that is none. */
export function readCertificates(bytes: Uint8Array | string): Certificate[] {
  if (typeof bytes === 'string' || isText(bytes)) return readPem(bytes, 'CERTIFICATE').map(ofDer);
  return [ofDer(bytes)];
}

/** The first is whose the file is; the others lead to its authority. */
export function certificatePem(...certificates: readonly Pick<Certificate, 'der'>[]): string {
  return certificates.map(({ der }) => pem('CERTIFICATE', der)).join('');
}

/**
 * DER SubjectPublicKeyInfo, written anew, so that one key has one id however a foreign certificate writes it (compressed
 * point). The costly part of reading a certificate.
 */
export function spkiOf(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** The subject as the certificate writes it: names are the same when their bytes are. */
export function subjectOf(certificate: Pick<Certificate, 'der'>): Asn1 {
  // version [0], serialNumber, signature, issuer, validity, subject; a version 1 certificate has no version.
  const fields = fieldsOf(certificate).filter(field => !taggedItems(field, 0));
  const subject = fields[4];
  if (!subject) throw new XmError('certificate-invalid', { detail: 'no subject' });
  return subject;
}

/** Of a root: its own key has signed it. */
export function isSelfSigned({ der, publicKey, subject, issuer }: Certificate): boolean {
  return subject === issuer && new X509Certificate(der).verify(publicKey);
}

/** None in certificates of versions 1 and 2. Throws `certificate-invalid`. */
export function extensionsOf(
  certificate: Pick<Certificate, 'der' | 'subject'>,
): ReadonlyMap<string, Extension> {
  try {
    return readExtensions(taggedItems(fieldsOf(certificate).at(-1), 3)?.[0]);
  } catch (error) {
    const detail = `${certificate.subject}: ${(error as Error).message}`;
    throw new XmError('certificate-invalid', { detail }, { cause: error });
  }
}

function fieldsOf(certificate: Pick<Certificate, 'der'>): Asn1[] {
  const [contents] = itemsOf(decodeBer(certificate.der));
  return itemsOf(contents);
}

function ofDer(der: Uint8Array): Certificate {
  try {
    const x509 = new X509Certificate(der);
    if (x509.raw.length !== der.length) throw new Error('bytes after the certificate');
    const { publicKey } = x509;
    const spki = spkiOf(publicKey);
    return {
      der: x509.raw,
      keyId: keyIdOf(spki),
      spki,
      publicKey,
      subject: oneLine(x509.subject),
      issuer: oneLine(x509.issuer),
      serial: x509.serialNumber,
      notBefore: x509.validFromDate.getTime(),
      notAfter: x509.validToDate.getTime(),
      fingerprint: x509.fingerprint256,
      isAuthority: x509.ca,
    };
  } catch (error) {
    throw new XmError('certificate-invalid', { detail: (error as Error).message }, { cause: error });
  }
}

/** Node puts each part of a name on a line of its own; an empty name is undefined. */
function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}
