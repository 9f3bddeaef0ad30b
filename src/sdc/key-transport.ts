/** Content keys under RSA (RFC 8017 §7): OAEP, and PKCS #1 v1.5 where an installation allows it. */
import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import type { Padding } from './recipient-info.ts';

const contentKeyLength = 32;

export function encryptKey(recipient: KeyObject, key: Uint8Array): Buffer {
  return publicEncrypt(padded(recipient, 'oaep-sha256'), key);
}

/** Refuses with `sdc-undecipherable`. */
export function decryptKey(privateKey: KeyObject, padding: Padding, encrypted: Uint8Array): Buffer {
  try {
    // Of PKCS #1 v1.5, OpenSSL gives a random key where the padding is wrong: no answer tells one from the other.
    const key = privateDecrypt(padded(privateKey, padding), encrypted);
    if (key.length === contentKeyLength) return key;
  } catch (cause) {
    throw new XmError('sdc-undecipherable', {}, { cause });
  }
  throw new XmError('sdc-undecipherable');
}

/**
 * A key that says itself how it pads: of an object with a key in it, node:crypto takes 10 µs to find out that the object
 * is no key. A key that were taken without its padding would be used with OAEP and SHA-1, and open nothing of ours.
 */
function padded(key: KeyObject, padding: Padding): KeyObject {
  return Object.assign(key, options[padding]);
}

const options: Readonly<
  Record<Padding, { readonly padding: number; readonly oaepHash: string | undefined }>
> = {
  'oaep-sha256': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
  'oaep-sha1': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
  // It has none, and must not keep the one that the key had before.
  pkcs1: { padding: constants.RSA_PKCS1_PADDING, oaepHash: undefined },
};
