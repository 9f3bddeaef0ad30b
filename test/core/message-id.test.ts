import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hex } from '../../src/core/message.ts';
import { MessageIds } from '../../src/core/message-id.ts';

const at = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('no two ids of a process are alike, whatever its clock does', () => {
  fc.assert(
    fc.property(fc.array(at, { maxLength: 200 }), times => {
      const ids = new MessageIds();
      expect(new Set(times.map(time => hex(ids.next(time)))).size).toBe(times.length);
    }),
  );
});

test('ids are 8 bytes and in the order of time', () => {
  fc.assert(
    fc.property(at, at, (earlier, later) => {
      const ids = new MessageIds();
      const [first, second] = [ids.next(earlier), ids.next(later)];
      expect([first.length, second.length]).toEqual([8, 8]);
      if (earlier !== later) expect(Buffer.compare(first, second)).toBe(Math.sign(earlier - later));
    }),
  );
});

test('two processes that start in the same second do not draw the same ids', () => {
  const second = 1_771_459_200;
  const drawn = Array.from({ length: 100 }, () => hex(new MessageIds().next(second)));
  // Two of 100 are alike once in a million runs.
  expect(new Set(drawn).size).toBe(drawn.length);
});
