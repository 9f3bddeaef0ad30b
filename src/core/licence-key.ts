/**
 * The text of a licence key, short enough to be typed. Bytes (numbers big-endian):
 * version 1 · installation (10) · clients (3) · issued, days since 1970 (2) · until, the last day (2; 0xFFFF: without
 * end) · holder, UTF-8 (1 to 64) · Ed25519 signature (RFC 8032) over `context` and all before it (64).
 * As base 32, 25 bytes a line, in groups of five; a line ends with two characters that tell a mistyped one.
 */
import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { base32, fromBase32, grouped } from './base32.ts';
import { XmError } from './errors.ts';

export interface Licence {
  /** As `installationText` writes it. */
  readonly installation: string;
  readonly clients: number;
  readonly holder: string;
  /** The day it was made; the last day on which it is valid, absent: without end. `YYYY-MM-DD` */
  readonly issued: string;
  readonly until?: string;
}

export const installationBytes = 10;
export const longestHolder = 64;
const signatureBytes = 64;
const headBytes = 1 + installationBytes + 3 + 2 + 2;
const endless = 0xffff;
const dayMs = 86_400_000;
/** No other signature of this key can be taken for a licence. */
const context = Buffer.from('XMServer licence\0');

const lineBytes = 25;
const lineLetters = 40;
const checkLetters = 2;

/** `7K3Q-9XTM-2BFA-0WZH` */
export function installationText(id: Uint8Array): string {
  return grouped(base32(id), 4);
}

/** Signs a licence with the vendor's private key. Throws `licence-malformed` for what the form cannot hold. */
export function makeLicenceKey(licence: Licence, vendorKey: KeyObject): string {
  const installation = fromBase32(licence.installation.replaceAll('-', ''));
  if (installation?.length !== installationBytes) throw malformed(licence.installation);
  const holder = Buffer.from(licence.holder);
  if (holder.length === 0 || holder.length > longestHolder) throw malformed(licence.holder);
  const head = Buffer.alloc(headBytes);
  head[0] = 1;
  head.set(installation, 1);
  head.writeUIntBE(licence.clients, 11, 3);
  head.writeUInt16BE(daysOf(licence.issued), 14);
  head.writeUInt16BE(licence.until === undefined ? endless : daysOf(licence.until), 16);
  const body = Buffer.concat([head, holder]);
  const signature = sign(null, Buffer.concat([context, body]), vendorKey);
  return licenceText(Buffer.concat([body, signature]));
}

/** The licence, whoever it is for and however old. Throws `licence-malformed` and `licence-signature`. */
export function openLicenceKey(text: string, vendorKey: KeyObject): Licence {
  const bytes = bytesOf(text);
  const end = bytes.length - signatureBytes;
  if (bytes[0] !== 1 || end <= headBytes || end > headBytes + longestHolder) throw malformed('…');
  const body = bytes.subarray(0, end);
  if (!verify(null, Buffer.concat([context, body]), vendorKey, bytes.subarray(end))) {
    throw new XmError('licence-signature');
  }
  const until = body.readUInt16BE(16);
  return {
    installation: installationText(body.subarray(1, 11)),
    clients: body.readUIntBE(11, 3),
    issued: dayOf(body.readUInt16BE(14)),
    ...(until === endless ? {} : { until: dayOf(until) }),
    holder: body.toString('utf8', headBytes),
  };
}

/** The lines of these bytes, whatever they are. */
export function licenceText(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += lineBytes) {
    const line = bytes.subarray(at, at + lineBytes);
    lines.push(`${grouped(base32(line), 5)}-${checkOf(line, lines.length)}`);
  }
  return lines.join('\n');
}

/** Wherever lines and groups were broken: a mail program or a shell may have put them together. */
function bytesOf(text: string): Buffer {
  const letters = text.replace(/^#.*$/gm, '').replace(/[\s-]/g, '');
  const lines = letters.match(new RegExp(`.{1,${lineLetters + checkLetters}}`, 'g')) ?? [];
  return Buffer.concat(
    lines.map((line, index) => {
      const bytes = fromBase32(line.slice(0, -checkLetters));
      const check = line.slice(-checkLetters).toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
      if (!bytes || check !== checkOf(bytes, index)) throw malformed(`${index + 1} : ${line}`);
      return bytes;
    }),
  );
}

/** Ten bits of a hash over the line and its number. */
function checkOf(line: Uint8Array, index: number): string {
  const hash = createHash('sha256').update(Uint8Array.of(index)).update(line).digest();
  return base32(hash.subarray(0, 2)).slice(0, checkLetters);
}

function daysOf(day: string): number {
  const days = Date.parse(`${day}T00:00:00Z`) / dayMs;
  if (Number.isInteger(days) && days >= 0 && days < endless) return days;
  throw malformed(day);
}

function dayOf(days: number): string {
  return new Date(days * dayMs).toISOString().slice(0, 10);
}

function malformed(detail: string): XmError {
  return new XmError('licence-malformed', { detail });
}
