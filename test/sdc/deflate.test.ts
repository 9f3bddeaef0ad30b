import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Deflater } from '../../src/sdc/deflate.ts';
import { dictionaryOf } from '../../src/sdc/dictionary.ts';
import { inflate } from '../../src/sdc/inflate.ts';

const { bytes: dictionary } = dictionaryOf(2);
const deflater = new Deflater(dictionary);
const limit = 1_000_000;

/** Messages as they are: pieces of the dictionary, repetitions, and what is in neither. */
const piece = fc.oneof(
  fc
    .tuple(fc.nat(dictionary.length - 1), fc.integer({ min: 1, max: 400 }))
    .map(([at, length]) => dictionary.subarray(at, at + length)),
  fc.uint8Array({ maxLength: 60 }).map(bytes => Buffer.from(bytes)),
  fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 200 }))
    .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => bytes))),
);
const text = fc.array(piece, { maxLength: 12 }).map(pieces => Buffer.concat(pieces));

const outcome = (work: () => Buffer) => {
  try {
    return work().toString('hex');
  } catch {
    return 'refused';
  }
};

describe('the deflater', () => {
  it('writes what zlib inflates to the same', () => {
    fc.assert(
      fc.property(text, message => {
        const deflated = deflater.deflate(message);
        expect(inflateRawSync(deflated, { dictionary }).equals(message)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('finds shorter ways than zlib does with the same codes', () => {
    let [ours, zlibs] = [0, 0];
    for (let seed = 1; seed < 100; seed++) {
      const pieces = Array.from({ length: 40 }, (_, i) => {
        const at = (seed * 7919 + i * 104_729) % dictionary.length;
        return dictionary.subarray(at, at + 3 + ((seed + i) % 7));
      });
      const message = Buffer.concat(pieces);
      ours += deflater.deflate(message).length;
      zlibs += deflateRawSync(message, { dictionary, level: 9, strategy: constants.Z_FIXED }).length;
    }
    expect(ours / zlibs).toBeLessThan(1);
  });

  it('stores what cannot be shortened', () => {
    const noise = Buffer.from(Array.from({ length: 300 }, (_, i) => 144 + ((i * 7919) % 112)));
    expect(new Deflater(Buffer.alloc(0)).deflate(noise).length).toBeLessThanOrEqual(305);
  });
});

describe('the inflater', () => {
  it('reads what zlib and our deflater write', () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_HUFFMAN_ONLY, constants.Z_FIXED),
        (message, strategy) => {
          for (const deflated of [
            deflater.deflate(message),
            deflateRawSync(message, { dictionary, strategy }),
          ]) {
            expect(inflate(deflated, dictionary, limit).equals(message)).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('agrees with zlib on streams that are damaged', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.integer({ min: 1, max: 255 }), (message, at, change) => {
        const deflated = Buffer.from(deflater.deflate(message));
        const place = at % deflated.length;
        deflated[place] = (deflated[place] as number) ^ change;
        const zlibs = outcome(() => {
          const { buffer, engine } = inflateRawSync(deflated, { dictionary, info: true }) as unknown as {
            buffer: Buffer;
            engine: { bytesWritten: number };
          };
          if (engine.bytesWritten !== deflated.length) throw new Error('bytes after the stream');
          return buffer;
        });
        expect(outcome(() => inflate(deflated, dictionary, limit))).toBe(zlibs);
      }),
      { numRuns: 2_000 },
    );
  });

  it('stops a bomb of fixed codes at the limit', () => {
    // One literal, then matches of 258 at distance 1, in 13 bits each.
    const bomb = deflateRawSync(Buffer.alloc(3_000_000), { strategy: constants.Z_FIXED });
    expect((bomb[0] as number) & 7).toBe(3);
    expect(outcome(() => inflate(bomb, Buffer.alloc(0), 65_536))).toBe('refused');
  });
});
