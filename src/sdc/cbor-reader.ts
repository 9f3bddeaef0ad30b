/** Reads CBOR front to back, each value as what it must be; see cbor.ts. */
import { isUtf8 } from 'node:buffer';
import { CalendarDate, type Value } from '../core/record.ts';
import { dateTag, Major, simple, unreadable } from './cbor.ts';

/** A head whose argument is the byte after it. */
const oneByteArgument = 24;

/** Reads from the front; refuses with `sdc-payload`, naming what was to be read. */
export class CborReader {
  readonly #bytes: Buffer;
  #at = 0;
  #major = 0;
  #latin1: string | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The major type of what comes next; undefined at the end. */
  get #next(): number | undefined {
    const first = this.#bytes[this.#at];
    return first === undefined ? undefined : first >> 5;
  }

  map(what: string): number {
    return this.#length(Major.map, what);
  }

  /** The number of elements: no more than there are bytes left. */
  array(what: string): number {
    return this.#length(Major.array, what);
  }

  bytes(least: number, most: number, what: string): Buffer {
    const length = this.#length(Major.bytes, what);
    if (length < least || length > most) throw unreadable(what);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** `most`: bytes of UTF-8. */
  text(what: string, least = 0, most = Number.POSITIVE_INFINITY): string {
    const length = this.#length(Major.text, what);
    if (length < least || length > most) throw unreadable(what);
    const start = this.#at;
    const end = start + length;
    this.#at = end;
    for (let i = start; i < end; i++)
      if ((this.#bytes[i] as number) >= 0x80) return this.#utf8(start, end, what);
    // ASCII, as most texts are: a slice of the whole costs a fifth of what a string of its own does.
    this.#latin1 ??= this.#bytes.toString('latin1');
    return this.#latin1.slice(start, end);
  }

  integer(what: string): number | bigint {
    const argument = this.#head(what);
    if (this.#major === Major.uint) return argument;
    if (this.#major !== Major.negative) throw unreadable(what);
    return argument < Number.MAX_SAFE_INTEGER ? -1 - Number(argument) : asNumber(-1n - BigInt(argument));
  }

  /** The next must be this key of a map, below 256: fields come in ascending order. */
  key(key: number): void {
    if (!this.takeKey(key)) throw unreadable(`field ${key}`);
  }

  /** Takes this key where it comes next. */
  takeKey(key: number): boolean {
    const isNext = this.isKey(key);
    if (isNext) this.#at += key < 24 ? 1 : 2;
    return isNext;
  }

  /** Whether this key comes next. */
  isKey(key: number): boolean {
    const first = this.#bytes[this.#at];
    return key < 24 ? first === key : first === oneByteArgument && this.#bytes[this.#at + 1] === key;
  }

  /** Takes these bytes where they come next. */
  take(bytes: Uint8Array): boolean {
    const end = this.#at + bytes.length;
    if (end > this.#bytes.length || this.#bytes.compare(bytes, 0, bytes.length, this.#at, end) !== 0)
      return false;
    this.#at = end;
    return true;
  }

  /** Takes the next byte where it is null. */
  takeNull(): boolean {
    return this.#takeByte(simple.null);
  }

  takeTrue(): boolean {
    return this.#takeByte(simple.true);
  }

  boolean(what: string): boolean {
    if (this.takeTrue()) return true;
    if (this.#takeByte(simple.false)) return false;
    throw unreadable(what);
  }

  get isArray(): boolean {
    return this.#next === Major.array;
  }

  get isText(): boolean {
    return this.#next === Major.text;
  }

  value(what: string): Value {
    switch (this.#next) {
      case Major.text:
        return this.text(what);
      case Major.bytes:
        return this.bytes(0, this.#bytes.length, what);
      case Major.uint:
      case Major.negative:
        return this.integer(what);
      case Major.tag:
        return this.#date(what);
      default:
        return this.#simple(what);
    }
  }

  done(): void {
    if (this.#at !== this.#bytes.length) throw unreadable('bytes after the message');
  }

  #takeByte(byte: number): boolean {
    const isNext = this.#bytes[this.#at] === byte;
    if (isNext) this.#at++;
    return isNext;
  }

  #utf8(start: number, end: number, what: string): string {
    const text = this.#bytes.toString('utf8', start, end);
    // Bytes that are no UTF-8 come out as U+FFFD; so does U+FFFD itself.
    if (text.includes('\ufffd') && !isUtf8(this.#bytes.subarray(start, end))) throw unreadable(what);
    return text;
  }

  #date(what: string): CalendarDate {
    if (this.#head(what) !== dateTag) throw unreadable(what);
    const days = this.integer(what);
    if (typeof days === 'bigint') throw unreadable(what);
    return new CalendarDate(days);
  }

  #simple(what: string): Value {
    const at = this.#at + 1;
    switch (this.#bytes[this.#at++]) {
      case simple.null:
        return null;
      case simple.true:
        return true;
      case simple.false:
        return false;
      case simple.float16:
        this.#at += 2;
        return this.#at <= this.#bytes.length ? float16(this.#bytes.readUInt16BE(at)) : this.#cut(what);
      case simple.float32:
        this.#at += 4;
        return this.#at <= this.#bytes.length ? this.#bytes.readFloatBE(at) : this.#cut(what);
      case simple.float64:
        this.#at += 8;
        return this.#at <= this.#bytes.length ? this.#bytes.readDoubleBE(at) : this.#cut(what);
      default:
        throw unreadable(what);
    }
  }

  #length(major: number, what: string): number {
    const argument = this.#head(what);
    if (this.#major !== major || typeof argument === 'bigint' || argument > this.#bytes.length - this.#at) {
      throw unreadable(what);
    }
    return argument;
  }

  /** The argument; sets #major. */
  #head(what: string): number | bigint {
    const first = this.#bytes[this.#at++];
    if (first === undefined) return this.#cut(what);
    this.#major = first >> 5;
    const short = first & 0x1f;
    if (short < 24) return short;
    // 28 to 31: reserved, and indefinite lengths.
    if (short > 27) throw unreadable(what);
    const size = 1 << (short - 24);
    const at = this.#at;
    this.#at += size;
    if (this.#at > this.#bytes.length) return this.#cut(what);
    if (size === 8) {
      const argument = this.#bytes.readBigUInt64BE(at);
      if (argument < 0x1_0000_0000n) throw unreadable(`${what} not in its shortest form`);
      return asNumber(argument);
    }
    const argument = this.#bytes.readUIntBE(at, size);
    if (argument < (size === 1 ? 24 : 1 << (4 * size))) throw unreadable(`${what} not in its shortest form`);
    return argument;
  }

  #cut(what: string): never {
    throw unreadable(`${what} cut`);
  }
}

function asNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** IEEE 754 binary16 (RFC 8949, appendix D). */
function float16(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const magnitude =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent < 31
        ? (1024 + fraction) * 2 ** (exponent - 25)
        : fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN;
  return bits & 0x8000 ? -magnitude : magnitude;
}
