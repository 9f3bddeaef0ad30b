/**
 * ASN.1 values in DER (X.690), written and read with forge.asn1. What is read is encoded again and compared, so that
 * two forms of one value never pass for the same; PKCS#12 files may be BER and say so.
 */
import type forge from 'node-forge';
import asn1 from 'node-forge/lib/asn1.js';

declare module 'node-forge' {
  namespace asn1 {
    /** The types know only a boolean here. Bit strings are left alone: guessing at what is in them is not for us. */
    function fromDer(bytes: Bytes, options: { readonly decodeBitStrings: boolean }): Asn1;
  }
}

export type Asn1 = forge.asn1.Asn1;

const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class;
export const Tag = asn1.Type;
const teletexString = 20;

// ── Writing ──────────────────────────────────────────────────────────────────────────────────────

function primitive(tag: number, content: Uint8Array): Asn1 {
  return asn1.create(UNIVERSAL, tag, false, Buffer.from(content).toString('latin1'));
}

export function sequence(...items: readonly Asn1[]): Asn1 {
  return asn1.create(UNIVERSAL, Tag.SEQUENCE, true, [...items]);
}

/** A SET of one item: more would have to be sorted (X.690 §11.6), and nothing we write has more. */
export function setOf(item: Asn1): Asn1 {
  return asn1.create(UNIVERSAL, Tag.SET, true, [item]);
}

/** `[tag] EXPLICIT`; also `[tag] IMPLICIT` of a constructed value, given its items. */
export function tagged(tag: number, ...items: readonly Asn1[]): Asn1 {
  return asn1.create(CONTEXT_SPECIFIC, tag, true, [...items]);
}

/** `[tag] IMPLICIT OCTET STRING`. */
export function taggedOctets(tag: number, content: Uint8Array): Asn1 {
  return asn1.create(CONTEXT_SPECIFIC, tag, false, Buffer.from(content).toString('latin1'));
}

/** Bytes are the unsigned number, most significant first. */
export function integer(value: number | Uint8Array): Asn1 {
  if (typeof value === 'number')
    return primitive(Tag.INTEGER, bytesOfBinary(asn1.integerToDer(value).getBytes()));
  const first = value.findIndex(byte => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : value.subarray(first);
  return primitive(
    Tag.INTEGER,
    (digits[0] as number) < 0x80 ? digits : Buffer.concat([Uint8Array.of(0), digits]),
  );
}

export function enumerated(value: number): Asn1 {
  return primitive(Tag.ENUMERATED, Uint8Array.of(value));
}

export function oid(dotted: string): Asn1 {
  return primitive(Tag.OID, bytesOfBinary(asn1.oidToDer(dotted).getBytes()));
}

export function truth(): Asn1 {
  return primitive(Tag.BOOLEAN, Uint8Array.of(0xff));
}

export function nothing(): Asn1 {
  return primitive(Tag.NULL, Uint8Array.of());
}

export function utf8(text: string): Asn1 {
  return primitive(Tag.UTF8, Buffer.from(text));
}

export function printable(text: string): Asn1 {
  return primitive(Tag.PRINTABLESTRING, Buffer.from(text, 'latin1'));
}

export function octets(content: Uint8Array): Asn1 {
  return primitive(Tag.OCTETSTRING, content);
}

export function bits(content: Uint8Array, unused = 0): Asn1 {
  return primitive(Tag.BITSTRING, Buffer.concat([Uint8Array.of(unused), content]));
}

/** Named bits (X.690 §11.2.2): bit 0 is the first of the first byte, zeros at the end are left out. */
export function namedBits(...positions: readonly number[]): Asn1 {
  const last = Math.max(...positions);
  const content = new Uint8Array((last >> 3) + 1);
  for (const position of positions)
    content[position >> 3] = (content[position >> 3] as number) | (0x80 >> (position & 7));
  return bits(content, 7 - (last & 7));
}

/** Milliseconds since 1970, written to the second: UTCTime through 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
export function time(at: number): Asn1 {
  const text = new Date(at).toISOString().replace(/\.\d+|[-:T]/g, '');
  return at < Date.UTC(2050, 0)
    ? primitive(Tag.UTCTIME, Buffer.from(text.slice(2)))
    : primitive(Tag.GENERALIZEDTIME, Buffer.from(text));
}

export function encode(value: Asn1): Buffer {
  return bytesOfBinary(asn1.toDer(value).getBytes());
}

// ── Reading ──────────────────────────────────────────────────────────────────────────────────────

/** Throws an Error that says what is wrong for anything but the DER of one value. */
export function decode(der: Uint8Array): Asn1 {
  const value = decodeBer(der);
  if (!encode(value).equals(der)) throw new Error('not DER');
  return value;
}

/** As `decode`, but takes any BER that forge understands. */
export function decodeBer(ber: Uint8Array): Asn1 {
  return asn1.fromDer(Buffer.from(ber).toString('latin1'), { decodeBitStrings: false });
}

/** The items of a constructed value of this universal tag. */
export function itemsOf(value: Asn1 | undefined, tag: number = Tag.SEQUENCE): Asn1[] {
  if (value?.tagClass !== UNIVERSAL || value.type !== tag || !Array.isArray(value.value))
    throw new Error(`no tag ${tag}`);
  return value.value;
}

/** The content of a primitive value of this universal tag. */
export function contentOf(value: Asn1 | undefined, tag: number): Buffer {
  if (value?.tagClass !== UNIVERSAL || value.type !== tag || typeof value.value !== 'string')
    throw new Error(`no tag ${tag}`);
  return bytesOfBinary(value.value);
}

/** The bytes of an OCTET STRING, or of `[tag] IMPLICIT OCTET STRING`; in BER it may come in pieces (X.690 §8.7). */
export function stringOf(value: Asn1 | undefined, tag?: number): Buffer {
  const fits =
    tag === undefined
      ? value?.tagClass === UNIVERSAL && value.type === Tag.OCTETSTRING
      : value?.tagClass === CONTEXT_SPECIFIC && value.type === tag;
  if (!value || !fits) throw new Error('no octet string');
  if (typeof value.value === 'string') return bytesOfBinary(value.value);
  return Buffer.concat(value.value.map(piece => stringOf(piece)));
}

/** The items of `[tag]`, or undefined where the value is something else. */
export function taggedItems(value: Asn1 | undefined, tag: number): Asn1[] | undefined {
  if (value?.tagClass !== CONTEXT_SPECIFIC || value.type !== tag) return undefined;
  if (!Array.isArray(value.value)) throw new Error(`[${tag}] is empty`);
  return value.value;
}

export function oidOf(value: Asn1 | undefined): string {
  return asn1.derToOid(contentOf(value, Tag.OID).toString('latin1'));
}

/** UTF8String, PrintableString, IA5String, TeletexString (as Latin-1) or BMPString. */
export function textOf(value: Asn1 | undefined): string {
  if (value?.type === Tag.UTF8)
    return new TextDecoder('utf-8', { fatal: true }).decode(contentOf(value, Tag.UTF8));
  if (value?.type === Tag.BMPSTRING && typeof value.value === 'string') return value.value;
  const single = [Tag.PRINTABLESTRING, Tag.IA5STRING, teletexString].find(tag => tag === value?.type);
  if (single === undefined) throw new Error('no text');
  return contentOf(value, single).toString('latin1');
}

/** UTCTime or GeneralizedTime as RFC 5280 §4.1.2.5 allows them; milliseconds since 1970. */
export function timeOf(value: Asn1 | undefined): number {
  const text = contentOf(value, value?.type === Tag.UTCTIME ? Tag.UTCTIME : Tag.GENERALIZEDTIME).toString(
    'latin1',
  );
  const whole = value?.type === Tag.UTCTIME ? `${text < '50' ? '20' : '19'}${text}` : text;
  const iso = whole.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const at = iso === whole ? Number.NaN : Date.parse(iso);
  if (Number.isNaN(at)) throw new Error(`no time: ${text}`);
  return at;
}

/** A number that is at least 0 and fits four bytes. */
export function smallInteger(value: Asn1 | undefined): number {
  const content = contentOf(value, Tag.INTEGER);
  if (content.length > 5 || (content[0] as number) > 0x7f) throw new Error('number out of range');
  return content.readUIntBE(0, content.length);
}

function bytesOfBinary(binary: string): Buffer {
  return Buffer.from(binary, 'latin1');
}
