/** EncryptedContentInfo (RFC 5652 §6.1): AES-256, GCM in both shapes and CBC as other tools write it. */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { contentType, notAllowed, readOid } from './algorithm.ts';
import { type DerReader, oid, small, Tag } from './der.ts';
import type { DerWriter } from './der-writer.ts';
import { freshBytes } from './fresh-bytes.ts';
import { keyEncoding, keyText } from './key-text.ts';

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
const algorithms = [aes256Gcm, aes256Cbc];
const contentTypes = [contentType.data];
const nonceLength = 12;
const ivLength = 16;
/** Bytes of the tag: 12 are what RFC 5084 §3.2 recommends and what we write, 16 what OpenSSL writes. */
const tagLengths = [12, 16];
const ourTagLength = 12;

/** Encrypts under a key that is used once. */
export function encryptContent(contents: Uint8Array, key: Uint8Array): EncryptedContent {
  const nonce = freshBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', keyText(key), nonce, {
    ...keyEncoding,
    authTagLength: ourTagLength,
  });
  const encrypted = cipher.update(contents);
  cipher.final();
  return { cipher: 'gcm', nonce, contents: encrypted, tag: cipher.getAuthTag() };
}

/** Refuses with `sdc-undecipherable`. */
export function decryptContent(content: EncryptedContent, key: Uint8Array): Buffer {
  try {
    const secret = keyText(key);
    if (content.cipher === 'cbc') {
      const decipher = createDecipheriv('aes-256-cbc', secret, content.iv, keyEncoding);
      return Buffer.concat([decipher.update(content.contents), decipher.final()]);
    }
    const authTagLength = content.tag.length;
    const decipher = createDecipheriv('aes-256-gcm', secret, content.nonce, {
      ...keyEncoding,
      authTagLength,
    });
    decipher.setAuthTag(content.tag);
    const plain = decipher.update(content.contents);
    decipher.final();
    return plain;
  } catch (cause) {
    throw new XmError('sdc-undecipherable', {}, { cause });
  }
}

export function writeEncryptedContent(writer: DerWriter, content: EncryptedContent): void {
  const info = writer.open();
  writer.put(contentType.data);
  const algorithm = writer.open();
  if (content.cipher === 'gcm') {
    writer.put(aes256Gcm);
    const parameters = writer.open();
    writer.value(Tag.octetString, content.nonce);
    writer.put(small(content.tag.length));
    writer.close(Tag.sequence, parameters);
  } else {
    writer.put(aes256Cbc);
    writer.value(Tag.octetString, content.iv);
  }
  writer.close(Tag.sequence, algorithm);
  writer.value(Tag.implicit0, content.contents);
  writer.close(Tag.sequence, info);
}

/** Refuses any other cipher with `sdc-algorithm`. */
export function readEncryptedContent(reader: DerReader): EncryptedContentInfo {
  const info = reader.enter(Tag.sequence, 'encrypted content');
  readOid(info, contentTypes, 'encrypted content type');
  const algorithm = info.enter(Tag.sequence, 'content encryption');
  const isGcm = readOid(algorithm, algorithms, 'content encryption') === aes256Gcm;
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
