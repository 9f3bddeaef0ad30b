/** Operators' passwords: scrypt (RFC 7914), parameters kept with each hash so that they can be raised later. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt);
const logN = 15;

/** `scrypt$<log2 N>$<r>$<p>$<salt>$<key>`, base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await stretch(password, salt, logN, 8, 1, 32);
  return ['scrypt', logN, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** False for a wrong password and for a hash of unknown form. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const match = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(hash);
  if (!match) return false;
  const [n, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const expected = Buffer.from(match[5] ?? '', 'base64url');
  const key = await stretch(password, Buffer.from(match[4] ?? '', 'base64url'), n, r, p, expected.length);
  return timingSafeEqual(key, expected);
}

function stretch(
  password: string,
  salt: Uint8Array,
  log2N: number,
  r: number,
  p: number,
  length: number,
): Promise<Buffer> {
  const N = 2 ** log2N;
  // NFC: "é" typed on two keyboards must be one password.
  return derive(password.normalize('NFC'), salt, length, { N, r, p, maxmem: 256 * N * r });
}
