/**
 * DER (X.690): values built of values, and a reader that takes one encoding only.
 *
 * The reader is a cursor: every element is asked for by its tag and nothing is looked at twice, so what a message
 * costs is bounded by what its shape allows. `checkShape` walks the whole before anything is read.
 */
import { XmError } from '../core/errors.ts';

export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** Context-specific, constructed. */
  explicit0: 0xa0,
  explicit1: 0xa1,
  /** Context-specific, primitive. */
  implicit0: 0x80,
} as const;

/** One value: tag, minimal length, contents (X.690 §8.1.3, §10.1). */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of contents) length += part.length;
  const head = headLength(length);
  const bytes = Buffer.allocUnsafe(head + length);
  writeHead(bytes, 0, tag, length);
  let at = head;
  for (const part of contents) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A small non-negative INTEGER (below 128), as versions are. Each is made once. */
export function small(value: number): Buffer {
  smalls[value] ??= der(Tag.integer, Uint8Array.of(value));
  return smalls[value];
}

const smalls: Buffer[] = [];

/** An OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift(128 + (left % 128));
    }
    bytes.push(...groups);
  }
  return der(Tag.oid, Uint8Array.from(bytes));
}

/** Bytes of the head of contents as long as that: tag and length (X.690 §8.1.3). */
export function headLength(length: number): number {
  if (length < 0x80) return 2;
  if (length < 0x100) return 3;
  return length < 0x10000 ? 4 : 5;
}

/** Writes the head where the bytes have room for it. */
export function writeHead(bytes: Uint8Array, at: number, tag: number, length: number): void {
  bytes[at] = tag;
  const octets = headLength(length) - 2;
  bytes[at + 1] = octets === 0 ? length : 0x80 | octets;
  for (let i = 0; i < octets; i++) bytes[at + 2 + i] = length >>> (8 * (octets - 1 - i));
}

const maxDepth = 16;

/**
 * Refuses with `sdc-malformed` what is not one whole DER value of at most `maxNodes` nodes, 16 deep, with definite,
 * minimal lengths that fit: of a 10 MB SEQUENCE of NULLs no more than that many are looked at.
 */
export function checkShape(bytes: Uint8Array, maxNodes: number): void {
  const ends: number[] = [];
  let nodes = 0;
  let at = 0;
  do {
    const end = ends.at(-1) ?? bytes.length;
    if (++nodes > maxNodes) throw malformed('nodes');
    const tag = bytes[at] ?? 0;
    const { start, stop } = extent(bytes, at, end);
    if ((tag & 0x20) !== 0) {
      if (ends.length === maxDepth) throw malformed('depth');
      ends.push(stop);
      at = start;
    } else at = stop;
    while (ends.length > 0 && at === ends.at(-1)) ends.pop();
  } while (ends.length > 0);
  if (at !== bytes.length) throw malformed('trailing bytes');
}

/** Where the contents of the value at `at` start and stop; nothing reaches past `end`. */
function extent(bytes: Uint8Array, at: number, end: number): { start: number; stop: number } {
  const first = bytes[at + 1];
  if (first === undefined || at + 2 > end) throw malformed('truncated');
  // High tag numbers (X.690 §8.1.2.4) occur nowhere in an SDC.
  if (((bytes[at] as number) & 0x1f) === 0x1f) throw malformed('tag');
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const octets = first - 0x80;
    if (octets === 0 || octets > 3) throw malformed('length');
    length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += octets;
    if (length < 0x80 || headLength(length) !== octets + 2) throw malformed('length');
  }
  if (start + length > end) throw malformed('truncated');
  return { start, stop: start + length };
}

export class DerReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** The contents of the next element, which must have this tag; `what` names it in a refusal. */
  bytes(tag: number, what: string): Buffer {
    const { start, stop } = this.#next(tag, what);
    return this.#bytes.subarray(start, stop);
  }

  /** Enters the next element. */
  enter(tag: number, what: string): DerReader {
    const { start, stop } = this.#next(tag, what);
    return new DerReader(this.#bytes, start, stop);
  }

  /** The whole next element: tag, length, contents. */
  element(tag: number, what: string): Buffer {
    const from = this.#at;
    const { stop } = this.#next(tag, what);
    return this.#bytes.subarray(from, stop);
  }

  /** The tag of the next element; undefined at the end. */
  get peek(): number | undefined {
    return this.#at < this.#end ? this.#bytes[this.#at] : undefined;
  }

  /** Takes the next element where it is exactly this one. */
  take(element: Uint8Array): boolean {
    const at = this.#at;
    if (at + element.length > this.#end) return false;
    // They are few: not worth a call of Buffer's comparison.
    for (let i = 0; i < element.length; i++) if (this.#bytes[at + i] !== element[i]) return false;
    this.#at = at + element.length;
    return true;
  }

  /** The next element must be exactly this one. */
  expect(element: Uint8Array, what: string): void {
    if (!this.take(element)) throw malformed(what);
  }

  /** Passes over the next element, which must have this tag. */
  skip(tag: number, what: string): void {
    this.#next(tag, what);
  }

  /** Nothing may follow. */
  done(what: string): void {
    if (this.#at !== this.#end) throw malformed(what);
  }

  #next(tag: number, what: string): { start: number; stop: number } {
    if (this.peek !== tag) throw malformed(what);
    const found = extent(this.#bytes, this.#at, this.#end);
    this.#at = found.stop;
    return found;
  }
}

export function malformed(detail: string): XmError {
  return new XmError('sdc-malformed', { detail });
}
