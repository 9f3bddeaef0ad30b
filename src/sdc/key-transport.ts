/** Content keys under RSA (RFC 8017 §7): OAEP, and PKCS #1 v1.5 where an installation allows it. */
import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import type { Padding } from './recipient-info.ts';

const contentKeyLength = 32;

export function encryptKey(recipient: KeyObject, key: Uint8Array): Buffer {
  return publicEncrypt({ key: recipient, ...options['oaep-sha256'] }, key);
}

/** Refuses with `sdc-undecipherable`. */
export function decryptKey(privateKey: KeyObject, padding: Padding, encrypted: Uint8Array): Buffer {
  try {
    // Of PKCS #1 v1.5, OpenSSL gives a random key where the padding is wrong: no answer tells one from the other.
    const key = privateDecrypt({ key: privateKey, ...options[padding] }, encrypted);
    if (key.length === contentKeyLength) return key;
  } catch (cause) {
    throw new XmError('sdc-undecipherable', {}, { cause });
  }
  throw new XmError('sdc-undecipherable');
}

const options: Readonly<Record<Padding, { readonly padding: number; readonly oaepHash?: string }>> = {
  'oaep-sha256': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
  'oaep-sha1': { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' },
  pkcs1: { padding: constants.RSA_PKCS1_PADDING },
};
