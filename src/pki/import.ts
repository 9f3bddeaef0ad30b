/** Files with keys and certificates of other programs: PEM, DER and PKCS#12, told apart by what is in them. */
import { createPrivateKey, createPublicKey, type KeyObject, type PrivateKeyInput } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { type Asn1, decodeBer, itemsOf, smallInteger, Tag } from './asn1.ts';
import { type Certificate, readCertificate, readCertificates } from './certificate.ts';
import { Patience, UnknownAlgorithm, WrongPassphrase } from './pbes2.ts';
import { isText, readPem } from './pem.ts';
import { isPkcs12, readPkcs12 } from './pkcs12.ts';

export interface Imported {
  /** The first of the file. */
  readonly privateKey?: KeyObject;
  /** That of the private key; of a file without one, the first. */
  readonly certificate?: Certificate;
  /** The others: what may stand between it and its authority. */
  readonly chain: readonly Certificate[];
}

/**
 * `file` is its name in errors. Throws `key-passphrase` (wrong, or needed and not given), `file-algorithm`,
 * `file-unreadable` (neither key nor certificate in it, too) and `certificate-invalid`.
 */
export function readImport(file: string, bytes: Uint8Array, passphrase?: string): Imported {
  try {
    const { privateKeys, certificates } = isText(bytes)
      ? readText(Buffer.from(bytes), passphrase)
      : readDer(Buffer.from(bytes), passphrase);
    const [privateKey] = privateKeys;
    const certificate = privateKey ? certificates.find(one => belongs(one, privateKey)) : certificates[0];
    if (!privateKey && !certificate) throw new Error('no key, no certificate');
    return {
      ...(privateKey ? { privateKey } : {}),
      ...(certificate ? { certificate } : {}),
      chain: certificates.filter(one => one !== certificate),
    };
  } catch (error) {
    throw translated(file, error);
  }
}

interface Contents {
  readonly privateKeys: readonly KeyObject[];
  readonly certificates: readonly Certificate[];
}

function readText(text: Buffer, passphrase: string | undefined): Contents {
  const certificates = readCertificates(text);
  // OpenSSL itself skips what stands before the key: certificates, attributes of bags, EC parameters.
  if (!text.includes('PRIVATE KEY-----')) return { privateKeys: [], certificates };
  const isEncrypted = text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----');
  if (isEncrypted) {
    const [info] = readPem(text, 'ENCRYPTED PRIVATE KEY');
    if (!info) throw new Error('ENCRYPTED PRIVATE KEY');
    return { privateKeys: [decryptedKey(info, passphrase)], certificates };
  }
  const encrypted = text.includes('ENCRYPTED');
  return { privateKeys: [opened({ key: text, format: 'pem' }, encrypted, passphrase)], certificates };
}

function readDer(der: Buffer, passphrase: string | undefined): Contents {
  if (isPkcs12(der)) return readPkcs12(der, passphrase ?? '');
  const shape = itemsOf(decodeBer(der)).map(({ type }) => type);
  // EncryptedPrivateKeyInfo: algorithm and octets (RFC 5958 §3).
  if (shape.length === 2 && shape[1] === Tag.OCTETSTRING) {
    return { privateKeys: [decryptedKey(der, passphrase)], certificates: [] };
  }
  // Keys begin with their version (PKCS#8, SEC 1, PKCS#1), certificates with what is signed.
  if (shape[0] !== Tag.INTEGER) return { privateKeys: [], certificates: [readCertificate(der)] };
  const types = ['pkcs8', 'sec1', 'pkcs1'] as const;
  const type = types[shape[1] === Tag.SEQUENCE ? 0 : shape[1] === Tag.OCTETSTRING ? 1 : 2];
  return { privateKeys: [opened({ key: der, format: 'der', type }, false, passphrase)], certificates: [] };
}

/** EncryptedPrivateKeyInfo. OpenSSL derives its key from the passphrase with as many iterations as the file asks for. */
function decryptedKey(der: Buffer, passphrase: string | undefined): KeyObject {
  const patience = new Patience();
  for (const count of integersIn(itemsOf(decodeBer(der))[0])) patience.spend('PKCS#8', count);
  return opened({ key: der, format: 'der', type: 'pkcs8' }, true, passphrase);
}

/** In an AlgorithmIdentifier: iterations, and what is small beside them. */
function integersIn(value: Asn1 | undefined): number[] {
  if (value?.type === Tag.INTEGER) return [smallInteger(value)];
  return Array.isArray(value?.value) ? value.value.flatMap(integersIn) : [];
}

function opened(input: PrivateKeyInput, encrypted: boolean, passphrase: string | undefined): KeyObject {
  if (!encrypted) return createPrivateKey(input);
  if (passphrase === undefined) throw new WrongPassphrase();
  try {
    return createPrivateKey({ ...input, passphrase });
  } catch {
    throw new WrongPassphrase();
  }
}

function belongs(certificate: Certificate, privateKey: KeyObject): boolean {
  return createPublicKey(privateKey).equals(certificate.publicKey);
}

function translated(file: string, error: unknown): XmError {
  if (error instanceof XmError) return error;
  if (error instanceof WrongPassphrase) return new XmError('key-passphrase', { file }, { cause: error });
  if (error instanceof UnknownAlgorithm) {
    return new XmError('file-algorithm', { file, algorithm: error.message }, { cause: error });
  }
  return new XmError('file-unreadable', { file, detail: (error as Error).message }, { cause: error });
}
