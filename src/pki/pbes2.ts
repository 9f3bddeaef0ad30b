/** Encryption under a passphrase: PBES2 with PBKDF2 and AES-CBC (RFC 8018 §6.2). */
import { createCipheriv, createDecipheriv, type Decipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import {
  type Asn1,
  contentOf,
  integer,
  itemsOf,
  nothing,
  octets,
  oid,
  oidOf,
  sequence,
  smallInteger,
  Tag,
} from './asn1.ts';

export const pbes2 = '1.2.840.113549.1.5.13';
const pbkdf2 = '1.2.840.113549.1.5.12';

const digests: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const hmacSha256 = '1.2.840.113549.2.9';

const ciphers: Readonly<Record<string, { readonly name: string; readonly keyLength: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyLength: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyLength: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyLength: 32 },
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyLength: 24 },
};
const aes256 = '2.16.840.1.101.3.4.1.42';

/** Makes guessing dear: about 0.2 s a guess on the machines of 2025. */
const iterations = 600_000;
/** An algorithm that a file asks for and that is not offered here; `message` is its name or OID. */
export class UnknownAlgorithm extends Error {}

/** Of one foreign file, in all: it may not keep us busy for more than some seconds, however many bags it has. */
export class Patience {
  #left = 10_000_000;

  /** Throws UnknownAlgorithm, naming `count`, where there is none left for so many iterations, each of this cost. */
  spend(name: string, count: number, cost = 1): void {
    this.#left -= count * cost;
    if (this.#left < 0) throw new UnknownAlgorithm(`${name} × ${count}`);
  }
}

/** Without the passphrase, or with another, the file cannot be opened. */
export class WrongPassphrase extends Error {}

/** AlgorithmIdentifier and ciphertext, AES-256 under the passphrase (in NFC: "é" typed on two keyboards is one). */
export function encryptPbes2(plain: Uint8Array, passphrase: string): { algorithm: Asn1; encrypted: Buffer } {
  const [salt, iv] = [randomBytes(16), randomBytes(16)];
  const key = pbkdf2Sync(passphrase.normalize('NFC'), salt, iterations, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const derivation = sequence(
    oid(pbkdf2),
    sequence(octets(salt), integer(iterations), sequence(oid(hmacSha256), nothing())),
  );
  return {
    algorithm: sequence(oid(pbes2), sequence(derivation, sequence(oid(aes256), octets(iv)))),
    encrypted: Buffer.concat([cipher.update(plain), cipher.final()]),
  };
}

/** `parameters` are those of the AlgorithmIdentifier. Throws UnknownAlgorithm and WrongPassphrase. */
export function decryptPbes2(
  parameters: Asn1 | undefined,
  encrypted: Uint8Array,
  passphrase: string,
  patience: Patience,
): Buffer {
  const [derivation, scheme] = itemsOf(parameters);
  const [derivationOid, derivationParameters] = itemsOf(derivation);
  if (oidOf(derivationOid) !== pbkdf2) throw new UnknownAlgorithm(oidOf(derivationOid));
  const [salt, count, ...rest] = itemsOf(derivationParameters);
  // keyLength is optional and follows from the cipher; the digest is SHA-1 where it is not named.
  const prf = rest.find(({ type }) => type === Tag.SEQUENCE);
  const digest = prf ? digests[oidOf(itemsOf(prf)[0])] : 'sha1';
  const [schemeOid, iv] = itemsOf(scheme);
  const cipher = ciphers[oidOf(schemeOid)];
  if (!digest) throw new UnknownAlgorithm(oidOf(itemsOf(prf)[0]));
  if (!cipher) throw new UnknownAlgorithm(oidOf(schemeOid));
  const rounds = smallInteger(count);
  patience.spend('PBKDF2', rounds);
  const key = pbkdf2Sync(passphrase, contentOf(salt, Tag.OCTETSTRING), rounds, cipher.keyLength, digest);
  const decipher = createDecipheriv(cipher.name, key, contentOf(iv, Tag.OCTETSTRING));
  return deciphered(decipher, encrypted);
}

/** A wrong key shows in the padding, save once in 256 times; where it matters a MAC has been checked before. */
export function deciphered(decipher: Decipheriv, encrypted: Uint8Array): Buffer {
  try {
    return Buffer.concat([decipher.update(encrypted), decipher.final()]);
  } catch (error) {
    throw new WrongPassphrase('padding', { cause: error });
  }
}
