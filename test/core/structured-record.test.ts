import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FormRecord, Value } from '../../src/core/record.ts';
import { isRecord, Structure, StructuredRecord } from '../../src/core/structured-record.ts';

const fields = fc.uniqueArray(fc.tuple(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null))), {
  selector: ([column]) => column,
  maxLength: 30,
});

describe('a structured record', () => {
  it('is read as a Map of the same columns and values is', () => {
    fc.assert(
      fc.property(fields, fc.string(), (entries, other) => {
        const map = new Map<string, Value>(entries);
        const structure = new Structure([...map.keys()]);
        const record = new StructuredRecord(structure, [...map.values()]);
        expect(structure.isProper).toBe(true);
        expect(record.size).toBe(map.size);
        expect([...record]).toEqual([...map]);
        expect([...record.keys()]).toEqual([...map.keys()]);
        expect([...record.values()]).toEqual([...map.values()]);
        for (const column of [...map.keys(), other]) {
          expect(record.get(column)).toBe(map.get(column));
          expect(record.has(column)).toBe(map.has(column));
        }
        expect(visited(record)).toEqual(visited(map));
        expect([record, map, entries].map(isRecord)).toEqual([true, true, false]);
      }),
    );
  });

  it('has no structure where two columns have one name', () => {
    expect(new Structure(['Nom', 'Sexe', 'Nom']).isProper).toBe(false);
  });
});

function visited(record: FormRecord): [string, Value][] {
  const seen: [string, Value][] = [];
  record.forEach((value, column) => void seen.push([column, value]));
  return seen;
}
