/** The vectors that other vendors test against (docs/sdc.md) hold for us too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { dictionaryOf } from '../../src/sdc/dictionary.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { closed } from './identity.ts';
import { messageJson, readParty, readVectors, vectorFolder } from './vector.ts';

const opener = createOpener({ recipients: [readParty('server-ec'), readParty('server-rsa')] });
const signers = [readParty('client-ec'), readParty('client-rsa')];
const vectors = readVectors();

describe('test vectors', () => {
  it('are there, good and bad', () => {
    expect(vectors.filter(({ expect }) => expect === 'opened').length).toBeGreaterThan(30);
    expect(new Set(vectors.map(({ expect }) => expect)).size).toBeGreaterThan(60);
  });

  it.each(vectors)('$name: $comment', async ({ sdc, expect: expected, message }) => {
    const [result] = await opener.open(closed(sdc), async () => signers);
    if (!result) throw new Error('no result');
    const outcome = result.ok
      ? result.stranger
        ? 'opened as a stranger’s'
        : 'opened'
      : [result.reason.code, ...Object.values(result.reason.params)].join(' ');
    expect(outcome).toBe(expected);
    if (result.ok) expect(messageJson(result.message)).toBe(message);
  });

  it.each(vectors.filter(({ map }) => map))('$name: its CBOR is what a general decoder reads', ({ map }) => {
    const read = decode(Buffer.from(map as string, 'hex'), {
      strict: true,
      useMaps: true,
      tags: { 100: content => content() },
    });
    expect([...(read as Map<number, unknown>).keys()].slice(0, 3)).toEqual(expect.arrayContaining([0]));
  });

  it.each([1, 2, 3])('dictionary %i is what it always was', id => {
    expect(readFileSync(join(vectorFolder, `dictionary-${id}.bin`)).equals(dictionaryOf(id).bytes)).toBe(
      true,
    );
  });
});
