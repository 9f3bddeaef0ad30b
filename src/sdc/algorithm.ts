/** The algorithms and content types that an SDC may name, as DER, and nothing else (RFC 5753, 5754, 5084, 3565, 8017). */
import { XmError } from '../core/errors.ts';
import { type DerReader, der, oid, Tag } from './der.ts';

export const contentType = {
  data: oid('1.2.840.113549.1.7.1'),
  signedData: oid('1.2.840.113549.1.7.2'),
  envelopedData: oid('1.2.840.113549.1.7.3'),
  authEnvelopedData: oid('1.2.840.113549.1.9.16.1.23'),
} as const;

const plain = (dotted: string) => der(Tag.sequence, oid(dotted));
const noParameters = der(Tag.null);
const withNull = (dotted: string) => der(Tag.sequence, oid(dotted), noParameters);

export const sha256 = plain('2.16.840.1.101.3.4.2.1');
/** RFC 5754 §2 tells writers to leave the NULL out and readers to take both. */
export const sha256WithNull = withNull('2.16.840.1.101.3.4.2.1');

export const ecdsaWithSha256 = plain('1.2.840.10045.4.3.2');
/** PKCS #1 v1.5 signatures: CMS names the key alone (RFC 3370 §3.2), or key and digest (RFC 5754 §3.2). */
export const rsaEncryption = withNull('1.2.840.113549.1.1.1');
export const sha256WithRsa = withNull('1.2.840.113549.1.1.11');

export const ecPublicKey = plain('1.2.840.10045.2.1');
export const aes256Wrap = plain('2.16.840.1.101.3.4.1.45');
/** ECDH with the X9.63 KDF on SHA-256, wrapping with AES-256 (RFC 5753 §7.1.4). */
export const ecdhSha256Wrap = der(Tag.sequence, oid('1.3.132.1.11.1'), aes256Wrap);

const rsaesOaep = oid('1.2.840.113549.1.1.7');
const mgf1 = oid('1.2.840.113549.1.1.8');
/** RSAES-OAEP with SHA-1 throughout, the default of RFC 8017 §A.2.1, as OpenSSL writes it unless told otherwise. */
export const oaepSha1 = der(Tag.sequence, rsaesOaep, der(Tag.sequence));
export const oaepSha256 = der(
  Tag.sequence,
  rsaesOaep,
  der(Tag.sequence, der(Tag.explicit0, sha256), der(Tag.explicit1, der(Tag.sequence, mgf1, sha256))),
);

/** The algorithm named next must be one of these, parameters and all. */
export function readAlgorithm<A extends Buffer>(reader: DerReader, allowed: readonly A[], what: string): A {
  return readOneOf(reader, allowed, Tag.sequence, what);
}

/** The object identifier next must be one of these. */
export function readOid<O extends Buffer>(reader: DerReader, allowed: readonly O[], what: string): O {
  return readOneOf(reader, allowed, Tag.oid, what);
}

function readOneOf<E extends Buffer>(reader: DerReader, allowed: readonly E[], tag: number, what: string): E {
  for (const element of allowed) if (reader.take(element)) return element;
  // Another, or none at all.
  reader.skip(tag, what);
  throw notAllowed(what);
}

export function notAllowed(detail: string): XmError {
  return new XmError('sdc-algorithm', { detail });
}
