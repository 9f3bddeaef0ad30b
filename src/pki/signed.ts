/** What certificates, requests and revocation lists have in common: contents, algorithm, signature (RFC 5280 §4.1.1). */
import { type KeyObject, sign, verify } from 'node:crypto';
import {
  type Asn1,
  bits,
  contentOf,
  decode,
  encode,
  itemsOf,
  nothing,
  oid,
  oidOf,
  sequence,
  Tag,
} from './asn1.ts';

/** AlgorithmIdentifier of signatures that this key makes, with SHA-256 (RFC 5758 §3.2, RFC 4055 §5). */
export function signatureAlgorithm(key: KeyObject): Asn1 {
  return key.asymmetricKeyType === 'rsa'
    ? sequence(oid('1.2.840.113549.1.1.11'), nothing())
    : sequence(oid('1.2.840.10045.4.3.2'));
}

export function signed(privateKey: KeyObject, contents: Asn1): Buffer {
  const signature = sign('sha256', encode(contents), privateKey);
  return encode(sequence(contents, signatureAlgorithm(privateKey), bits(signature)));
}

/** The signature algorithms that we read: sha…WithRSAEncryption and ecdsa-with-SHA… . */
const algorithms: Readonly<Record<string, { readonly key: string; readonly digest: string }>> = {
  '1.2.840.113549.1.1.11': { key: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', digest: 'sha512' },
  '1.2.840.10045.4.3.2': { key: 'ec', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', digest: 'sha512' },
};

export interface SignedValue {
  readonly contents: Asn1;
  /** AlgorithmIdentifier of the signature. */
  readonly algorithm: Asn1;
  verify(publicKey: KeyObject): boolean;
}

/** Throws an Error for anything but DER of this form, and for an algorithm that is not read (SHA-1 and older). */
export function readSigned(der: Uint8Array): SignedValue {
  const [contents, algorithm, signature, more] = itemsOf(decode(der));
  if (!contents || !algorithm || more) throw new Error('not contents, algorithm and signature');
  const known = knownAlgorithm(algorithm);
  const [unused, ...signatureBytes] = contentOf(signature, Tag.BITSTRING);
  if (unused !== 0) throw new Error('signature of odd bits');
  return {
    contents,
    algorithm,
    // `decode` has made sure that encoding again gives the bytes that were signed.
    verify: publicKey =>
      publicKey.asymmetricKeyType === known.key &&
      verify(known.digest, encode(contents), publicKey, Buffer.from(signatureBytes)),
  };
}

function knownAlgorithm(algorithm: Asn1): { readonly key: string; readonly digest: string } {
  const [id, parameters, more] = itemsOf(algorithm);
  const known = algorithms[oidOf(id)];
  if (!known) throw new Error(`signature algorithm ${oidOf(id)}`);
  // NULL or absent with RSA (RFC 4055 §5), absent with ECDSA (RFC 5758 §3.2).
  const fits = !parameters || (known.key === 'rsa' && contentOf(parameters, Tag.NULL).length === 0);
  if (!fits || more) throw new Error('parameters of the signature algorithm');
  return known;
}
