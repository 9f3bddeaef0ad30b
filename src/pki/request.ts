/** Certificate requests (PKCS#10, RFC 2986): made at a station, accepted at the server after comparison by voice. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { keyIdOf } from '../core/key-id.ts';
import type { KeyId } from '../core/message.ts';
import { decode, encode, integer, itemsOf, sequence, tagged } from './asn1.ts';
import { spkiOf } from './certificate.ts';
import type { KeyPair } from './key-file.ts';
import { nameOf, readName, type SubjectName } from './name.ts';
import { isText, pem, readPem } from './pem.ts';
import { readSigned, signed } from './signed.ts';
import { requireSuitable } from './suitable-key.ts';

export interface CertificateRequest {
  readonly der: Uint8Array;
  readonly subject: SubjectName;
  readonly publicKey: KeyObject;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly keyId: KeyId;
  /** What both sides read to each other: `spokenFingerprint` of the key. */
  readonly fingerprint: string;
}

/** DER. The signature proves that who asks holds the private key. */
export function makeRequest({ privateKey, publicKey }: KeyPair, subject: SubjectName): Buffer {
  return signed(privateKey, sequence(integer(0), nameOf(subject), decode(spkiOf(publicKey)), tagged(0)));
}

export function requestPem(der: Uint8Array): string {
  return pem('CERTIFICATE REQUEST', der);
}

/**
 * Reads a request, PEM or DER, of any key that may seal, and verifies its signature. Attributes (extensions that are
 * asked for) are left out: what a certificate may do says the authority. Throws `request-invalid` and
 * `key-unsuitable`.
 */
export function readRequest(bytes: Uint8Array | string): CertificateRequest {
  try {
    // Older programs write NEW (RFC 7468 §7).
    const der = isText(bytes)
      ? readPem(bytes, 'CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')[0]
      : Buffer.from(bytes);
    if (!der) throw new Error('no request');
    const request = readSigned(der);
    const [, name, spki] = itemsOf(request.contents);
    if (!spki) throw new Error('no key');
    const publicKey = createPublicKey({ key: encode(spki), type: 'spki', format: 'der' });
    requireSuitable(publicKey);
    if (!request.verify(publicKey)) throw new Error('signature');
    const canonical = spkiOf(publicKey);
    return {
      der,
      subject: readName(name),
      publicKey,
      spki: canonical,
      keyId: keyIdOf(canonical),
      fingerprint: spokenFingerprint(canonical),
    };
  } catch (error) {
    if (error instanceof XmError) throw error;
    throw new XmError('request-invalid', { detail: (error as Error).message }, { cause: error });
  }
}

/**
 * A public key as two persons compare it over the telephone: 8 groups of 5 digits, which sound alike in no language,
 * where letters do. It is SHA-256 of the DER SubjectPublicKeyInfo, as a number, modulo 10^40 (132 bits).
 */
export function spokenFingerprint(spki: Uint8Array): string {
  const hash = BigInt(`0x${createHash('sha256').update(spki).digest('hex')}`);
  const digits = String(hash % 10n ** 40n).padStart(40, '0');
  return (digits.match(/\d{5}/g) as string[]).join(' ');
}
