/** EncryptedContentInfo (RFC 5652 §6.1): AES-256, GCM in both shapes and CBC as other tools write it. */
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { contentType, notAllowed, readOid } from './algorithm.ts';
import { type DerReader, der, oid, small, Tag } from './der.ts';
import { freshBytes } from './fresh-bytes.ts';

export type EncryptedContent =
  | {
      readonly cipher: 'gcm';
      readonly nonce: Uint8Array;
      readonly contents: Uint8Array;
      readonly tag: Uint8Array;
    }
  | { readonly cipher: 'cbc'; readonly iv: Uint8Array; readonly contents: Uint8Array };

/** What is read before the tag, which follows outside of EncryptedContentInfo. */
export interface EncryptedContentInfo {
  readonly cipher: EncryptedContent['cipher'];
  readonly initial: Buffer;
  readonly contents: Buffer;
  /** 0 for CBC. */
  readonly tagLength: number;
}

const aes256Gcm = oid('2.16.840.1.101.3.4.1.46');
const aes256Cbc = oid('2.16.840.1.101.3.4.1.42');
const nonceLength = 12;
const ivLength = 16;
/** Bytes of the tag: 12 are what RFC 5084 §3.2 recommends and what we write, 16 what OpenSSL writes. */
const tagLengths = [12, 16];
const ourTagLength = 12;

/** Encrypts under a key that is used once. */
export function encryptContent(contents: Uint8Array, key: Uint8Array): EncryptedContent {
  const nonce = freshBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), nonce, { authTagLength: ourTagLength });
  const encrypted = cipher.update(contents);
  cipher.final();
  return { cipher: 'gcm', nonce, contents: encrypted, tag: cipher.getAuthTag() };
}

/** Refuses with `sdc-undecipherable`. */
export function decryptContent(content: EncryptedContent, key: Uint8Array): Buffer {
  try {
    // A key as KeyObject: node:crypto takes 10 µs to find out that bytes are no key object.
    const secret = createSecretKey(key);
    if (content.cipher === 'cbc') {
      const decipher = createDecipheriv('aes-256-cbc', secret, content.iv);
      return Buffer.concat([decipher.update(content.contents), decipher.final()]);
    }
    const authTagLength = content.tag.length;
    const decipher = createDecipheriv('aes-256-gcm', secret, content.nonce, { authTagLength });
    decipher.setAuthTag(content.tag);
    const plain = decipher.update(content.contents);
    decipher.final();
    return plain;
  } catch (cause) {
    throw new XmError('sdc-undecipherable', {}, { cause });
  }
}

export function writeEncryptedContent(content: EncryptedContent): Buffer {
  const algorithm =
    content.cipher === 'gcm'
      ? der(
          Tag.sequence,
          aes256Gcm,
          der(Tag.sequence, der(Tag.octetString, content.nonce), small(content.tag.length)),
        )
      : der(Tag.sequence, aes256Cbc, der(Tag.octetString, content.iv));
  return der(Tag.sequence, contentType.data, algorithm, der(Tag.implicit0, content.contents));
}

/** Refuses any other cipher with `sdc-algorithm`. */
export function readEncryptedContent(reader: DerReader): EncryptedContentInfo {
  const info = reader.enter(Tag.sequence, 'encrypted content');
  readOid(info, [contentType.data], 'encrypted content type');
  const algorithm = info.enter(Tag.sequence, 'content encryption');
  const isGcm = readOid(algorithm, [aes256Gcm, aes256Cbc], 'content encryption') === aes256Gcm;
  const { initial, tagLength } = isGcm ? readGcmParameters(algorithm) : readCbcParameters(algorithm);
  algorithm.done('content encryption');
  const contents = info.bytes(Tag.implicit0, 'encrypted content');
  info.done('encrypted content');
  return { cipher: isGcm ? 'gcm' : 'cbc', initial, contents, tagLength };
}

function readGcmParameters(algorithm: DerReader): { initial: Buffer; tagLength: number } {
  const parameters = algorithm.enter(Tag.sequence, 'GCM parameters');
  const initial = parameters.bytes(Tag.octetString, 'GCM nonce');
  const tagLength = parameters.bytes(Tag.integer, 'GCM tag length')[0] ?? 0;
  parameters.done('GCM parameters');
  if (initial.length !== nonceLength) throw notAllowed('GCM nonce length');
  if (!tagLengths.includes(tagLength)) throw notAllowed('GCM tag length');
  return { initial, tagLength };
}

function readCbcParameters(algorithm: DerReader): { initial: Buffer; tagLength: number } {
  const initial = algorithm.bytes(Tag.octetString, 'CBC initial vector');
  if (initial.length !== ivLength) throw notAllowed('CBC initial vector length');
  return { initial, tagLength: 0 };
}
