/**
 * DER from front to back, in one buffer. The length of a value is known when its contents stand: a head of two bytes is
 * left free for it, and contents too long for that move.
 */
import { headLength, writeHead } from './der.ts';

const shortHead = 2;

export class DerWriter {
  #bytes: Buffer;
  #at = 0;

  /** `size`: bytes that are expected. */
  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafe(size);
  }

  /** What is written from here on is the contents of a value; `close` is to be told of the mark. */
  open(): number {
    this.#reserve(shortHead);
    this.#at += shortHead;
    return this.#at;
  }

  close(tag: number, mark: number): void {
    const length = this.#at - mark;
    const missing = headLength(length) - shortHead;
    if (missing > 0) {
      this.#reserve(missing);
      this.#bytes.copyWithin(mark + missing, mark, this.#at);
      this.#at += missing;
    }
    writeHead(this.#bytes, mark - shortHead, tag, length);
  }

  /** A value whose contents are at hand. */
  value(tag: number, contents: Uint8Array): void {
    const head = headLength(contents.length);
    this.#reserve(head);
    writeHead(this.#bytes, this.#at, tag, contents.length);
    this.#at += head;
    this.put(contents);
  }

  /** Bytes as they are. */
  put(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  end(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  #reserve(length: number): void {
    const needed = this.#at + length;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, needed));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
