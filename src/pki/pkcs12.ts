/**
 * PKCS#12 files (RFC 7292): keys and certificates as browsers, Windows and openssl export them. The bags are read with
 * forge.asn1 and decrypted with node:crypto. What is sealed to a public key instead of a passphrase is not read.
 */
import {
  createDecipheriv,
  createHmac,
  createPrivateKey,
  hash,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import {
  type Asn1,
  contentOf,
  decodeBer,
  encode,
  itemsOf,
  oidOf,
  smallInteger,
  stringOf,
  Tag,
  taggedItems,
} from './asn1.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { deciphered, decryptPbes2, Patience, pbes2, UnknownAlgorithm, WrongPassphrase } from './pbes2.ts';

export interface Pkcs12 {
  readonly privateKeys: readonly KeyObject[];
  readonly certificates: readonly Certificate[];
}

const contentTypes = { data: '1.2.840.113549.1.7.1', encryptedData: '1.2.840.113549.1.7.6' } as const;

const bagTypes = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  nested: '1.2.840.113549.1.12.10.1.6',
} as const;
const x509Certificate = '1.2.840.113549.1.9.22.1';

/** Lengths of the digest and of its block (u and v of RFC 7292 §B.2), in bytes. */
interface Digest {
  readonly name: string;
  readonly length: number;
  readonly block: number;
}

const sha1: Digest = { name: 'sha1', length: 20, block: 64 };
const macDigests: Readonly<Record<string, Digest>> = {
  '1.3.14.3.2.26': sha1,
  '2.16.840.1.101.3.4.2.1': { name: 'sha256', length: 32, block: 64 },
  '2.16.840.1.101.3.4.2.2': { name: 'sha384', length: 48, block: 128 },
  '2.16.840.1.101.3.4.2.3': { name: 'sha512', length: 64, block: 128 },
};

/** The old encryptions (RFC 7292 §C) whose ciphers OpenSSL 3 still offers; RC2 and RC4 it does not. */
const oldCiphers: Readonly<Record<string, { readonly name: string; readonly keyLength: number }>> = {
  '1.2.840.113549.1.12.1.3': { name: 'des-ede3-cbc', keyLength: 24 },
  '1.2.840.113549.1.12.1.4': { name: 'des-ede-cbc', keyLength: 16 },
};
const lostCiphers: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.12.1.1': 'RC4-128',
  '1.2.840.113549.1.12.1.2': 'RC4-40',
  '1.2.840.113549.1.12.1.5': 'RC2-128',
  '1.2.840.113549.1.12.1.6': 'RC2-40',
};

/** An iteration here takes as long as so many of PBKDF2, which are OpenSSL's own. */
const iterationCost = 4;
const deepest = 4;

/** Whether these bytes are a PFX of version 3, whatever else is in it. */
export function isPkcs12(bytes: Uint8Array): boolean {
  try {
    const [version] = itemsOf(decodeBer(bytes));
    return smallInteger(version) === 3;
  } catch {
    return false;
  }
}

/**
 * Checks the MAC, decrypts, and returns what is in the bags, in the order of the file. Throws WrongPassphrase,
 * UnknownAlgorithm, and an Error that says what is malformed.
 */
export function readPkcs12(bytes: Uint8Array, passphrase: string): Pkcs12 {
  const [, authSafe, macData] = itemsOf(decodeBer(bytes));
  const safes = dataOf(authSafe);
  const patience = new Patience();
  const form = macData ? verifyMac(macData, safes, passphrase, patience) : bmpString(passphrase);
  const privateKeys: KeyObject[] = [];
  const certificates: Certificate[] = [];
  const secret = { passphrase, form, patience };

  const readBags = (contents: Asn1, depth: number): void => {
    if (depth > deepest) throw new Error('bags nested too deep');
    for (const bag of itemsOf(contents)) {
      const [id, value] = itemsOf(bag);
      const content = taggedItems(value, 0)?.[0];
      if (!content) throw new Error('empty bag');
      const type = oidOf(id);
      if (type === bagTypes.key) privateKeys.push(keyOf(encode(content)));
      if (type === bagTypes.shroudedKey) privateKeys.push(keyOf(decryptShrouded(content, secret)));
      if (type === bagTypes.certificate) {
        const [kind, certificate] = itemsOf(content);
        if (oidOf(kind) !== x509Certificate) continue;
        certificates.push(readCertificate(stringOf(taggedItems(certificate, 0)?.[0])));
      }
      if (type === bagTypes.nested) readBags(content, depth + 1);
    }
  };
  for (const info of itemsOf(decodeBer(safes))) readBags(decodeBer(safeContents(info, secret)), 1);
  return { privateKeys, certificates };
}

interface Secret {
  /** As PBES2 takes it: UTF-8. */
  readonly passphrase: string;
  /** As the PKCS#12 key derivation takes it. */
  readonly form: Buffer;
  readonly patience: Patience;
}

function safeContents(info: Asn1, secret: Secret): Buffer {
  const [type, content] = itemsOf(info);
  if (oidOf(type) !== contentTypes.encryptedData) return dataOf(info);
  const [, encryptedContent] = itemsOf(taggedItems(content, 0)?.[0]);
  const [, algorithm, encrypted] = itemsOf(encryptedContent);
  return decrypt(algorithm, stringOf(encrypted, 0), secret);
}

/** The content of a ContentInfo of type data. */
function dataOf(info: Asn1 | undefined): Buffer {
  const [type, content] = itemsOf(info);
  if (oidOf(type) !== contentTypes.data) throw new Error(`content type ${oidOf(type)}`);
  return stringOf(taggedItems(content, 0)?.[0]);
}

function decryptShrouded(content: Asn1, secret: Secret): Buffer {
  const [algorithm, encrypted] = itemsOf(content);
  return decrypt(algorithm, stringOf(encrypted), secret);
}

function decrypt(algorithm: Asn1 | undefined, encrypted: Buffer, secret: Secret): Buffer {
  const { passphrase, form, patience } = secret;
  const [id, parameters] = itemsOf(algorithm);
  const name = oidOf(id);
  if (name === pbes2) return decryptPbes2(parameters, encrypted, passphrase, patience);
  const cipher = oldCiphers[name];
  if (!cipher) throw new UnknownAlgorithm(lostCiphers[name] ?? name);
  const [saltOctets, count] = itemsOf(parameters);
  const salt = contentOf(saltOctets, Tag.OCTETSTRING);
  const derive = (purpose: number, length: number) =>
    derivedBytes(sha1, purpose, form, salt, iterationsOf(count), length, patience);
  return deciphered(createDecipheriv(cipher.name, derive(1, cipher.keyLength), derive(2, 8)), encrypted);
}

function keyOf(der: Buffer): KeyObject {
  return createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });
}

/** Returns the form of the passphrase that fits; programs do not agree on an empty one. Throws WrongPassphrase. */
function verifyMac(macData: Asn1, content: Buffer, passphrase: string, patience: Patience): Buffer {
  const [digestInfo, salt, count] = itemsOf(macData);
  const [algorithm, expected] = itemsOf(digestInfo);
  const id = oidOf(itemsOf(algorithm)[0]);
  const digest = macDigests[id];
  if (!digest) throw new UnknownAlgorithm(`MAC ${id}`);
  const wanted = contentOf(expected, Tag.OCTETSTRING);
  const forms = passphrase === '' ? [bmpString(''), Buffer.alloc(0)] : [bmpString(passphrase)];
  for (const form of forms) {
    const iterations = count ? iterationsOf(count) : 1;
    const octets = contentOf(salt, Tag.OCTETSTRING);
    const key = derivedBytes(digest, 3, form, octets, iterations, digest.length, patience);
    const mac = createHmac(digest.name, key).update(content).digest();
    if (mac.length === wanted.length && timingSafeEqual(mac, wanted)) return form;
  }
  throw new WrongPassphrase();
}

function iterationsOf(count: Asn1 | undefined): number {
  const iterations = smallInteger(count);
  if (iterations < 1) throw new UnknownAlgorithm(`PKCS#12 × ${iterations}`);
  return iterations;
}

/** UTF-16, most significant byte first, with a zero at the end (RFC 7292 §B.1). */
function bmpString(passphrase: string): Buffer {
  return Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
}

/** RFC 7292 §B.2; `purpose` 1 is a key, 2 an initial vector, 3 a MAC key. */
function derivedBytes(
  digest: Digest,
  purpose: number,
  passphrase: Buffer,
  salt: Buffer,
  iterations: number,
  length: number,
  patience: Patience,
): Buffer {
  patience.spend('PKCS#12', iterations, Math.ceil(length / digest.length) * iterationCost);
  const diversifier = Buffer.alloc(digest.block, purpose);
  const input = Buffer.concat([filled(salt, digest.block), filled(passphrase, digest.block)]);
  const result: Buffer[] = [];
  for (let made = 0; made < length; ) {
    let round = hash(digest.name, Buffer.concat([diversifier, input]), 'buffer');
    for (let i = 1; i < iterations; i++) round = hash(digest.name, round, 'buffer');
    result.push(round);
    made += round.length;
    addToBlocks(input, Buffer.alloc(digest.block, round));
  }
  return Buffer.concat(result).subarray(0, length);
}

/** Copies of the bytes until whole blocks are full; nothing stays nothing. */
function filled(bytes: Buffer, block: number): Buffer {
  return Buffer.alloc(block * Math.ceil(bytes.length / block), bytes);
}

/** Each block of `input` becomes itself + `addend` + 1, as numbers, modulo its size. */
function addToBlocks(input: Buffer, addend: Buffer): void {
  for (let start = 0; start < input.length; start += addend.length) {
    let carry = 1;
    for (let at = addend.length - 1; at >= 0; at--) {
      carry += (input[start + at] as number) + (addend[at] as number);
      input[start + at] = carry & 0xff;
      carry >>= 8;
    }
  }
}
