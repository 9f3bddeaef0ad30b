/** Random bytes for content keys and nonces: drawn from the system's source by the slab, for one draw takes 4 µs. */
import { randomFillSync } from 'node:crypto';

const slabLength = 4096;
let slab = Buffer.alloc(0);
let at = 0;

/** Bytes that nobody had before and nobody gets again; at most a slab of them. */
export function freshBytes(length: number): Buffer {
  if (at + length > slab.length) {
    // A new one: what was handed out of the old stays its owner's.
    slab = randomFillSync(Buffer.allocUnsafeSlow(slabLength));
    at = 0;
  }
  at += length;
  return slab.subarray(at - length, at);
}
