/**
 * Key-encryption keys: ECDH on P-256 and the X9.63 KDF with SHA-256, as RFC 5753 §7.2 binds them to the wrap
 * algorithm; and AES-256 key wrap (RFC 3394).
 */
import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  type KeyObject,
} from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { aes256Wrap } from './algorithm.ts';
import { der, malformed, oid, Tag } from './der.ts';
import { keyEncoding, keyText } from './key-text.ts';

const p256 = der(Tag.sequence, oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7'));
/** ECC-CMS-SharedInfo { keyInfo, [2] suppPubInfo: 256 bits }: no entityUInfo, for there is no ukm. */
const sharedInfo = der(Tag.sequence, aes256Wrap, der(0xa2, der(Tag.octetString, Uint8Array.of(0, 0, 1, 0))));
/** The counter of the KDF's first block. */
const firstBlock = Uint8Array.of(0, 0, 0, 1);
const wrapIv = Buffer.alloc(8, 0xa6);

/**
 * SEC 1 §2.3.3, even y. Of the agreed point only x counts, and the points with y and -y agree on the same: so we always
 * say even, and take nothing else, or every SDC would have a twin.
 */
const compressed = 2;

export interface Agreement {
  /** Compressed point of the ephemeral key. */
  readonly ephemeral: Buffer;
  /** Key-encryption key; see key-text.ts. */
  readonly kek: string;
}

/** A fresh ephemeral key, agreed with a recipient's P-256 key. */
export function agree(recipient: KeyObject): Agreement {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  // Exporting the point as a JWK takes half the time of a SubjectPublicKeyInfo.
  const { x } = publicKey.export({ format: 'jwk' });
  return {
    ephemeral: Buffer.concat([Uint8Array.of(compressed), Buffer.from(x as string, 'base64url')]),
    kek: deriveKek(diffieHellman({ privateKey, publicKey: recipient })),
  };
}

/** The recipient's side. Refuses with `sdc-malformed` a point that is not on the curve (SP 800-56A §5.6.2.3.3). */
export function agreedKek(privateKey: KeyObject, ephemeral: Uint8Array): string {
  return deriveKek(diffieHellman({ privateKey, publicKey: pointKey(ephemeral) }));
}

export function wrapKey(kek: string, key: Uint8Array): Buffer {
  const cipher = createCipheriv('id-aes256-wrap', kek, wrapIv, keyEncoding);
  // The whole of it: key wrap leaves nothing for `final` to do.
  return cipher.update(key);
}

/** Refuses with `sdc-undecipherable`. */
export function unwrapKey(kek: string, wrapped: Uint8Array): Buffer {
  try {
    const decipher = createDecipheriv('id-aes256-wrap', kek, wrapIv, keyEncoding);
    // Checks the integrity (RFC 3394 §2.2.2), and leaves nothing for `final` to do.
    return decipher.update(wrapped);
  } catch (cause) {
    throw new XmError('sdc-undecipherable', {}, { cause });
  }
}

/** X9.63 KDF: one block of SHA-256 is the whole key. */
function deriveKek(secret: Uint8Array): string {
  return keyText(hash('sha256', Buffer.concat([secret, firstBlock, sharedInfo]), 'buffer'));
}

function pointKey(point: Uint8Array): KeyObject {
  const isPoint = point.length === 33 ? point[0] === compressed : point.length === 65 && point[0] === 4;
  if (!isPoint) throw malformed('originator point');
  const key = der(Tag.sequence, p256, der(Tag.bitString, Uint8Array.of(0), point));
  try {
    return createPublicKey({ key: keyText(key), ...keyEncoding, format: 'der', type: 'spki' });
  } catch {
    throw malformed('originator point');
  }
}
