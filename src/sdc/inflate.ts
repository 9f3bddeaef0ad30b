/**
 * Raw inflate (RFC 1951). What our own deflater writes, one block with the fixed codes, is read here: setting zlib up
 * with a dictionary takes twice as long as the reading. Everything else is zlib's.
 */
import { inflateRawSync } from 'node:zlib';
import type { XmError } from '../core/errors.ts';
import { unreadable } from './cbor.ts';
import {
  code,
  codeLengths,
  distanceBases,
  distanceCode,
  distanceExtra,
  endOfBlock,
  firstLength,
  lengthBases,
  lengthExtra,
} from './deflate-code.ts';

/** Refuses with `sdc-payload` what is not one whole stream, or would inflate to more than `limit` bytes. */
export function inflate(deflated: Buffer, dictionary: Buffer, limit: number): Buffer {
  // The last block, fixed codes.
  return ((deflated[0] ?? 0) & 7) === 3
    ? new FixedBlock(deflated, dictionary, limit).inflate()
    : zlibInflate(deflated, dictionary, limit);
}

function zlibInflate(deflated: Buffer, dictionary: Buffer, maxOutputLength: number): Buffer {
  let inflated: unknown;
  try {
    inflated = inflateRawSync(deflated, { dictionary, maxOutputLength, chunkSize: 2048, info: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLong(maxOutputLength);
    throw unreadable(error instanceof Error ? error.message : 'deflate');
  }
  const { buffer, engine } = inflated as { buffer: Buffer; engine: { bytesWritten: number } };
  if (engine.bytesWritten !== deflated.length) throw unreadable('bytes after the deflate stream');
  return buffer;
}

/** By the next nine bits: the symbol they start with, and above its nine bits the number of bits of its code. */
const symbols = new Uint16Array(512);
for (let symbol = 0; symbol < 288; symbol++) {
  const length = codeLengths[symbol] as number;
  for (let rest = 0; rest < 512 >> length; rest++)
    symbols[code(symbol) | (rest << length)] = symbol | (length << 9);
}

class FixedBlock {
  readonly #deflated: Buffer;
  readonly #dictionary: Buffer;
  readonly #limit: number;
  #out = Buffer.allocUnsafe(2048);
  #length = 0;
  #at = 0;
  #bits = 0;
  #count = 0;

  constructor(deflated: Buffer, dictionary: Buffer, limit: number) {
    this.#deflated = deflated;
    this.#dictionary = dictionary;
    this.#limit = limit;
  }

  inflate(): Buffer {
    this.#take(3);
    while (true) {
      const symbol = this.#symbol();
      if (symbol < endOfBlock) {
        this.#reserve(1);
        this.#out[this.#length++] = symbol;
      } else if (symbol === endOfBlock) break;
      else this.#copy(symbol - firstLength);
    }
    // Up to seven bits fill the last byte; a whole byte that is left was never part of the stream.
    if (this.#at - (this.#count >> 3) !== this.#deflated.length)
      throw unreadable('bytes after the deflate stream');
    return this.#out.subarray(0, this.#length);
  }

  #copy(slot: number): void {
    if (slot >= lengthBases.length) throw unreadable('deflate length');
    const length = (lengthBases[slot] as number) + this.#take(lengthExtra[slot] as number);
    const distanceSlot = distanceCode(this.#take(5));
    if (distanceSlot >= distanceBases.length) throw unreadable('deflate distance');
    const distance =
      (distanceBases[distanceSlot] as number) + this.#take(distanceExtra[distanceSlot] as number);
    this.#reserve(length);
    const out = this.#out;
    let to = this.#length;
    let from = to - distance;
    this.#length += length;
    if (from < 0) {
      const at = this.#dictionary.length + from;
      if (at < 0) throw unreadable('deflate distance');
      const copied = this.#dictionary.copy(out, to, at, at + Math.min(length, -from));
      to += copied;
      from += copied;
    }
    // Byte by byte: a match may overlap what it writes.
    while (to < this.#length) out[to++] = out[from++] as number;
  }

  #symbol(): number {
    this.#fill(9);
    const found = symbols[this.#bits & 511] as number;
    const length = found >> 9;
    if (length > this.#count) throw unreadable('deflate stream cut');
    this.#bits >>>= length;
    this.#count -= length;
    return found & 511;
  }

  #take(count: number): number {
    this.#fill(count);
    if (count > this.#count) throw unreadable('deflate stream cut');
    const bits = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#count -= count;
    return bits;
  }

  /** At least `count` bits (13 at most) at hand, as far as there are any. */
  #fill(count: number): void {
    while (this.#count < count && this.#at < this.#deflated.length) {
      this.#bits |= (this.#deflated[this.#at++] as number) << this.#count;
      this.#count += 8;
    }
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed > this.#limit) throw tooLong(this.#limit);
    if (needed <= this.#out.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#out.length, needed));
    this.#out.copy(larger, 0, 0, this.#length);
    this.#out = larger;
  }
}

function tooLong(limit: number): XmError {
  return unreadable(`more than ${limit} bytes inflated`);
}
