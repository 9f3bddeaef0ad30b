/** mulberry32: the same cases from the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    return this.#next() % limit;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  range(length: number): [from: number, to: number] {
    const from = this.below(length);
    return [from, from + 1 + this.below(Math.min(40, length - from))];
  }

  bytes(length: number): Buffer {
    const words = Uint32Array.from({ length: (length + 3) >> 2 }, () => this.#next());
    return Buffer.from(words.buffer).subarray(0, length);
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let x = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return (x ^ (x >>> 14)) >>> 0;
  }
}
