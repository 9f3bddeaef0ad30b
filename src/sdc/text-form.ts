/** The text form of an SDC (RFC 7468 §9), for files and e-mail. */
import { malformed } from './der.ts';

const begin = '-----BEGIN CMS-----';
const end = '-----END CMS-----';

/** How much longer a text may be than what it says: base64, line ends, the two lines around. */
export const textRatio = 1.5;

export function isText(bytes: Uint8Array): boolean {
  // A DER SEQUENCE starts with 0x30.
  return bytes[0] === 0x2d || bytes[0] === 0x0a || bytes[0] === 0x0d || bytes[0] === 0x20;
}

/** Refuses with `sdc-malformed`. */
export function fromText(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1').trim();
  if (!text.startsWith(begin) || !text.endsWith(end)) throw malformed('text form');
  const base64 = text.slice(begin.length, -end.length).replaceAll(/\s+/g, '');
  const decoded = Buffer.from(base64, 'base64');
  // Node skips what is no base64: only what encodes to the same text was all of it.
  if (decoded.toString('base64') !== base64) throw malformed('base64');
  return decoded;
}

/** RFC 7468 §9: `-----BEGIN CMS-----`, lines of 64. */
export function textForm(cms: Uint8Array): string {
  const base64 = Buffer.from(cms.buffer, cms.byteOffset, cms.byteLength).toString('base64');
  return ['-----BEGIN CMS-----', ...(base64.match(/.{1,64}/g) ?? []), '-----END CMS-----'].join('\n');
}
