/** A record is equal to another that says the same in the same order, whichever of the two was read from a message. */
import { expect } from 'vitest';
import { isRecord, StructuredRecord } from '../src/core/structured-record.ts';

expect.addEqualityTesters([
  function (left, right) {
    if (!(left instanceof StructuredRecord || right instanceof StructuredRecord)) return undefined;
    return isRecord(left) && isRecord(right) && this.equals([...left], [...right]);
  },
]);
