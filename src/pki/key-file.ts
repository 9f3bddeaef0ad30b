/** Private keys and their files: PKCS#8 (RFC 5958), mode 0600, encrypted where a passphrase is given. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { XmError } from '../core/errors.ts';
import { encode, octets, sequence } from './asn1.ts';
import { encryptPbes2 } from './pbes2.ts';
import { pem } from './pem.ts';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** EC P-256, or RSA of 2 048 bits where the peer knows no EC: each bit more is paid for with every message. */
export function makeKey(kind: 'ec' | 'rsa' = 'ec'): KeyPair {
  return kind === 'ec'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
}

/** Writes a new file, whole or not at all. Throws `file-exists`: a key that is overwritten is lost for ever. */
export function writeKeyFile(file: string, privateKey: KeyObject, passphrase?: string): void {
  const aside = `${file}.${randomBytes(4).toString('hex')}`;
  const handle = openSync(aside, 'wx', 0o600);
  try {
    writeFileSync(handle, privateKeyPem(privateKey, passphrase));
    fsyncSync(handle);
    linkSync(aside, file); // as rename does, but fails where there is a file already
  } catch (error) {
    throw isExisting(error) ? new XmError('file-exists', { file }, { cause: error }) : error;
  } finally {
    closeSync(handle);
    rmSync(aside, { force: true });
  }
}

/** Throws `key-passphrase` (needed and not given, or wrong) and `key-invalid`. */
export function readKeyFile(file: string, passphrase?: string): KeyObject {
  let text: Buffer | undefined;
  try {
    text = readFileSync(file);
    return createPrivateKey({
      key: text,
      ...(passphrase === undefined ? {} : { passphrase: passphrase.normalize('NFC') }),
    });
  } catch (error) {
    const code = text?.includes('ENCRYPTED') ? 'key-passphrase' : 'key-invalid';
    throw new XmError(code, { file }, { cause: error });
  }
}

function privateKeyPem(privateKey: KeyObject, passphrase: string | undefined): string {
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  if (passphrase === undefined) return pem('PRIVATE KEY', der);
  const { algorithm, encrypted } = encryptPbes2(der, passphrase);
  return pem('ENCRYPTED PRIVATE KEY', encode(sequence(algorithm, octets(encrypted))));
}

function isExisting(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}
