/** Values of records to and from what PostgreSQL writes for them as text. */
import { hex } from '../core/message.ts';
import { CalendarDate, type ColumnKind, type Value } from '../core/record.ts';

/** As a statement's parameter. */
export function toParameter(value: Value): string | Buffer | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return toText(value);
}

/** As PostgreSQL reads it from text, whatever the column's type. */
export function toText(value: Exclude<Value, null>): string {
  if (value instanceof Uint8Array) return `\\x${hex(value)}`;
  // String(-0) is "0", and the record would differ from what was signed.
  return Object.is(value, -0) ? '-0' : String(value);
}

/**
 * From `column::text`, read with `textSettings`. A form that the kind cannot have (`infinity`, a year BC) stays text,
 * and is refused by name.
 */
export function fromText(kind: ColumnKind, text: string | null): Value {
  if (text === null) return null;
  return readers[kind](text);
}

/** Makes PostgreSQL write values as `fromText` reads them for the rest of a transaction, whatever the role's settings. */
export const textSettings =
  'set local datestyle = iso; set local bytea_output = hex; set local extra_float_digits = 1';

const asText = (text: string): Value => text;

const readers: Record<ColumnKind, (text: string) => Value> = {
  boolean: text => text === 'true',
  integer(text) {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : BigInt(text);
  },
  decimal: asText,
  float: Number,
  text: asText,
  date: text => CalendarDate.parse(text) ?? text,
  // Most times are whole minutes: what is always ":00" need not travel.
  time: text => text.replace(/^(\d\d:\d\d):00$/, '$1'),
  timestamp: asText,
  bytes: text => Buffer.from(text.slice(2), 'hex'), // \x0102
  uuid: asText,
  json: asText,
  unsupported: asText,
};
