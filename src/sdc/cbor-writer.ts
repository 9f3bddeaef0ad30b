/** Writes CBOR front to back; see cbor.ts. */
import { CalendarDate, type Value } from '../core/record.ts';
import { dateTag, Major, simple } from './cbor.ts';

export class CborWriter {
  #buffer = Buffer.allocUnsafe(1024);
  #at = 0;

  map(size: number): void {
    this.#head(Major.map, size);
  }

  array(length: number): void {
    this.#head(Major.array, length);
  }

  bytes(value: Uint8Array): void {
    this.#head(Major.bytes, value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#at);
    this.#at += value.length;
  }

  text(value: string): void {
    const length = value.length;
    this.#reserve(3 * length + 9);
    if (length < 24) {
      // Short and ASCII, as nearly all texts are: written here in a tenth of the time that a call to write takes.
      const start = this.#at + 1;
      let i = 0;
      for (; i < length; i++) {
        const unit = value.charCodeAt(i);
        if (unit >= 0x80) break;
        this.#buffer[start + i] = unit;
      }
      if (i === length) {
        this.#buffer[this.#at] = (Major.text << 5) | length;
        this.#at = start + length;
        return;
      }
    }
    this.#head(Major.text, Buffer.byteLength(value));
    this.#at += this.#buffer.write(value, this.#at);
  }

  integer(value: number | bigint): void {
    if (value >= 0) this.#head(Major.uint, value);
    else this.#head(Major.negative, typeof value === 'bigint' ? -1n - value : -1 - value);
  }

  value(value: Value): void {
    if (value === null) this.#byte(simple.null);
    else if (typeof value === 'string') this.text(value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'bigint') this.integer(value);
    else if (typeof value === 'boolean') this.#byte(value ? simple.true : simple.false);
    else if (value instanceof CalendarDate) {
      this.#head(Major.tag, dateTag);
      this.integer(value.days);
    } else this.bytes(value);
  }

  /** What was written; the writer is not used again. */
  end(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  #number(value: number): void {
    this.#reserve(9);
    if (Number.isSafeInteger(value)) this.integer(value);
    else if (Math.fround(value) === value) {
      this.#byte(simple.float32);
      this.#at = this.#buffer.writeFloatBE(value, this.#at);
    } else {
      this.#byte(simple.float64);
      this.#at = this.#buffer.writeDoubleBE(value, this.#at);
    }
  }

  /** Major type and argument, in the shortest form (RFC 8949 §4.2.1). */
  #head(major: number, argument: number | bigint): void {
    this.#reserve(9);
    const type = major << 5;
    if (argument < 24) this.#buffer[this.#at++] = type | Number(argument);
    else if (argument < 0x100) {
      this.#buffer[this.#at++] = type | 24;
      this.#buffer[this.#at++] = Number(argument);
    } else if (argument < 0x10000) {
      this.#buffer[this.#at++] = type | 25;
      this.#at = this.#buffer.writeUInt16BE(Number(argument), this.#at);
    } else if (argument < 0x1_0000_0000) {
      this.#buffer[this.#at++] = type | 26;
      this.#at = this.#buffer.writeUInt32BE(Number(argument), this.#at);
    } else {
      this.#buffer[this.#at++] = type | 27;
      this.#at = this.#buffer.writeBigUInt64BE(BigInt(argument), this.#at);
    }
  }

  #byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = value;
  }

  #reserve(length: number): void {
    if (this.#at + length <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(2 * this.#buffer.length + length);
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
