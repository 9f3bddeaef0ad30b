import { describe, expect, it } from 'vitest';
import { CalendarDate, type Column, type FormTable, type Value } from '../../src/core/record.ts';
import { faultOf } from '../../src/core/record-rules.ts';

const column = (name: string, kind: Column['kind'], more: Partial<Column> = {}): Column => ({
  name,
  kind,
  type: kind,
  nullable: true,
  hasDefault: false,
  ...more,
});

const table: FormTable = {
  name: 'Naissance',
  columns: [
    column('Numero', 'integer', { nullable: false, hasDefault: true, min: 1n, max: 2n ** 63n - 1n }),
    column('Nom', 'text', { nullable: false, maxLength: 5 }),
    column('DateNaissance', 'date'),
  ],
};
const record = (changes: Record<string, Value> = {}) =>
  new Map<string, Value>(Object.entries({ Numero: 1, Nom: 'Abena', DateNaissance: null, ...changes }));

describe('structures agree by column name', () => {
  it('takes a record whose columns stand in another order', () => {
    expect(faultOf(new Map([...record()].reverse()), table)).toBeUndefined();
  });

  it('names a missing and an unknown column', () => {
    const less = record();
    less.delete('DateNaissance');
    expect(faultOf(less, table)).toEqual({ code: 'column-missing', params: { column: 'DateNaissance' } });
    expect(faultOf(record({ Sexe: 'F' }), table)).toEqual({
      code: 'column-unknown',
      params: { column: 'Sexe' },
    });
  });

  it('never repeats more than a line of a stranger’s words', () => {
    const fault = faultOf(record({ ['x'.repeat(5_000)]: 1 }), table);
    expect(String(fault?.params.column)).toHaveLength(63);
  });

  it('wants a value where the table does, default or not', () => {
    expect(faultOf(record({ Nom: null }), table)?.code).toBe('value-null');
    expect(faultOf(record({ Numero: null }), table)?.code).toBe('value-null');
  });
});

describe('values have the type of their column', () => {
  const one = (kind: Column['kind'], value: Value, more: Partial<Column> = {}) =>
    faultOf(new Map([['c', value]]), { name: 't', columns: [column('c', kind, more)] })?.code ?? 'ok';

  it.each<[Column['kind'], Value, string]>([
    ['boolean', true, 'ok'],
    ['boolean', 1, 'value-type'],
    ['integer', 12, 'ok'],
    ['integer', 1.5, 'value-type'],
    ['integer', '12', 'value-type'],
    ['decimal', '12.50', 'ok'],
    ['decimal', '1e5', 'value-type'],
    ['decimal', 12, 'value-type'],
    ['float', 12.5, 'ok'],
    ['text', 'é\u0301', 'ok'],
    ['text', 'a\0b', 'value-range'],
    ['text', '\ud800', 'value-range'],
    ['text', 3, 'value-type'],
    ['date', new CalendarDate(0), 'ok'],
    ['date', new CalendarDate(3_000_000), 'value-range'],
    ['date', '2024-01-01', 'value-type'],
    ['time', '08:30', 'ok'],
    ['time', '24:00', 'value-type'],
    ['timestamp', '2024-02-29 08:30:00', 'ok'],
    ['timestamp', '2023-02-29 08:30:00', 'value-type'],
    ['bytes', new Uint8Array([1]), 'ok'],
    ['bytes', 'AQ==', 'value-type'],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000', 'ok'],
    ['uuid', '123e4567', 'value-type'],
    ['json', '{"a":1}', 'ok'],
    ['json', '{', 'value-type'],
    ['json', '"\\u0000"', 'value-range'],
  ])('%s %j: %s', (kind, value, code) => {
    expect(one(kind, value)).toBe(code);
  });

  it('counts characters, not UTF-16 units, against varchar(n)', () => {
    expect(one('text', '𝔸𝔸', { maxLength: 2 })).toBe('ok');
    expect(one('text', 'abc', { maxLength: 2 })).toBe('value-too-long');
  });

  it('keeps integers within the limits of their type, beyond 2^53 too', () => {
    const limits = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
    expect(one('integer', 2n ** 63n - 1n, limits)).toBe('ok');
    expect(one('integer', 2n ** 63n, limits)).toBe('value-range');
    expect(one('integer', 40_000, { min: -32_768n, max: 32_767n })).toBe('value-range');
  });
});

describe('a calendar date', () => {
  it('knows real days from impossible ones', () => {
    expect(CalendarDate.parse('2024-02-29')?.toString()).toBe('2024-02-29');
    expect(CalendarDate.parse('1956-12-31')?.days).toBe(-4749);
    for (const wrong of ['2023-02-29', '2024-13-01', '24-1-1', ''])
      expect(CalendarDate.parse(wrong)).toBeUndefined();
  });
});
