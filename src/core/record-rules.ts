/** Whether a record fits the table it is meant for: structures agree by column name (guide §6.4). */
import type { ErrorCode, ErrorParams } from './errors.ts';
import { CalendarDate, type Column, type FormRecord, type FormTable, type Value } from './record.ts';

/** The same shape as `Reason` in ports.ts: an error of the catalogue and its parameters. */
interface Fault {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
}

/** The first fault of a record, missing columns first; undefined: the table can take it. */
export function faultOf(record: FormRecord, table: FormTable): Fault | undefined {
  for (const { name } of table.columns) {
    if (!record.has(name)) return { code: 'column-missing', params: { column: name } };
  }
  if (record.size > table.columns.length) {
    const names = new Set(table.columns.map(({ name }) => name));
    for (const name of record.keys()) {
      if (!names.has(name)) return { code: 'column-unknown', params: { column: shortened(name) } };
    }
  }
  for (const column of table.columns) {
    const fault = valueFault(record.get(column.name) ?? null, column);
    if (fault) return fault;
  }
  return undefined;
}

export function valueFault(value: Value, column: Column): Fault | undefined {
  if (value === null) {
    // A default does not stand in for an explicit NULL: the record would differ from what was signed.
    return column.nullable ? undefined : { code: 'value-null', params: { column: column.name } };
  }
  const verdict = checks[column.kind](value, column);
  if (verdict === 'ok') return undefined;
  if (verdict === 'range') return { code: 'value-range', params: { column: column.name } };
  if (verdict === 'length') {
    const params = {
      column: column.name,
      length: Array.from(String(value)).length,
      limit: column.maxLength ?? 0,
    };
    return { code: 'value-too-long', params };
  }
  return {
    code: 'value-type',
    params: { column: column.name, found: kindOf(value), expected: column.type },
  };
}

type Verdict = 'ok' | 'type' | 'range' | 'length';

const checks: Record<Column['kind'], (value: Value, column: Column) => Verdict> = {
  boolean: value => (typeof value === 'boolean' ? 'ok' : 'type'),
  integer(value, { min, max }) {
    if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isInteger(value))) return 'type';
    const n = BigInt(value);
    return (min !== undefined && n < min) || (max !== undefined && n > max) ? 'range' : 'ok';
  },
  decimal: value =>
    typeof value === 'string' && value.length <= 100 && /^-?\d+(\.\d+)?$/.test(value) ? 'ok' : 'type',
  float: value => (typeof value === 'number' ? 'ok' : 'type'),
  text(value, { maxLength }) {
    if (typeof value !== 'string') return 'type';
    // PostgreSQL text cannot hold U+0000, nor UTF-8 an unpaired surrogate.
    if (value.includes('\0') || !value.isWellFormed()) return 'range';
    // Code points, as PostgreSQL counts varchar(n); the cheap test first.
    return maxLength !== undefined && value.length > maxLength && Array.from(value).length > maxLength
      ? 'length'
      : 'ok';
  },
  date(value) {
    if (!(value instanceof CalendarDate)) return 'type';
    return value.days >= firstDay && value.days <= lastDay ? 'ok' : 'range';
  },
  time: value =>
    typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/.test(value)
      ? 'ok'
      : 'type',
  timestamp(value) {
    const match = typeof value === 'string' && timestampForm.exec(value);
    return match && CalendarDate.parse(match[1] ?? '') ? 'ok' : 'type';
  },
  bytes: value => (value instanceof Uint8Array ? 'ok' : 'type'),
  uuid: value => (typeof value === 'string' && uuidForm.test(value) ? 'ok' : 'type'),
  json(value) {
    if (typeof value !== 'string') return 'type';
    try {
      JSON.parse(value);
      return value.includes('\\u0000') ? 'range' : 'ok';
    } catch {
      return 'type';
    }
  },
  unsupported: () => 'type',
};

/** Years 1 to 9999: what a form can hold, and what every tool that reads the database can show. */
const firstDay = -719_162;
const lastDay = 2_932_896;
const timestampForm =
  /^(\d{4}-\d{2}-\d{2})[ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)?$/;
const uuidForm = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

function kindOf(value: Value): string {
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof CalendarDate) return 'date';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  return typeof value === 'bigint' ? 'integer' : typeof value === 'string' ? 'text' : typeof value;
}

/** A sender's own words go into journals and receipts: never more than a line of them. */
export function shortened(name: string): string {
  return name.length > 63 ? `${name.slice(0, 62)}…` : name;
}
