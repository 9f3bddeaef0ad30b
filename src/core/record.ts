/** Records ("fiches") and the structure of the form tables that hold them. */
import { hash } from 'node:crypto';

/** Status of a record; names and values are the guide's, §6.4 table 5. */
export const RecordStatus = { cancelled: 0, fresh: 1, imported: 2, collected: 3, exported: 4 } as const;
export type RecordStatus = (typeof RecordStatus)[keyof typeof RecordStatus];

/** The two columns that every exchangeable table has (guide §6.4). */
export const numeroColumn = 'Numero';
export const statusColumn = 'Status';

/** A calendar date, as days since 1970-01-01 (the CBOR tag 100 of RFC 8943). */
export class CalendarDate {
  readonly days: number;
  constructor(days: number) {
    this.days = days;
  }
  /** From `YYYY-MM-DD`; undefined for anything that is no date of the proleptic Gregorian calendar. */
  static parse(text: string): CalendarDate | undefined {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
    const ms = Date.parse(`${text}T00:00:00Z`);
    if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text) return undefined;
    return new CalendarDate(ms / 86_400_000);
  }
  toString(): string {
    return new Date(this.days * 86_400_000).toISOString().slice(0, 10);
  }
}

/** A typed value as it travels. Times of day, time stamps without zone and decimals travel as text. */
export type Value = null | boolean | number | bigint | string | Uint8Array | CalendarDate;

/** Column name → value, in the sender's column order. */
export type FormRecord = ReadonlyMap<string, Value>;

/** What a value of a column must be, whatever PostgreSQL calls the type. */
export type ColumnKind =
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'text'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'bytes'
  | 'uuid'
  | 'json'
  /** A type that does not travel: such a column can only be empty in an exchange. */
  | 'unsupported';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  /** PostgreSQL's own name of the type, as `format_type` gives it: `character varying(80)`. */
  readonly type: string;
  readonly nullable: boolean;
  /** A value is supplied by the database when none is given. */
  readonly hasDefault: boolean;
  /** Most characters of a text; undefined: no limit. */
  readonly maxLength?: number;
  /** Inclusive limits of an integer. */
  readonly min?: bigint;
  readonly max?: bigint;
  /** It has an index by what it is without accents and case (`xms.folded`). */
  readonly isFolded?: boolean;
}

/** A table that can be exchanged: it has the columns Numero and Status. */
export interface FormTable {
  readonly name: string;
  readonly columns: readonly Column[];
}

/**
 * SHA-256 over table, column names and values, whatever the order of the columns: equal for the same record sent in
 * two messages. The record has the table's columns (record-rules.ts).
 */
export function contentDigest(table: FormTable, record: FormRecord): Uint8Array {
  const fields = inOrder(table).map(({ name, label }) => label + tagged(record.get(name) ?? null));
  return hash('sha256', field(table.name) + fields.join(''), 'buffer');
}

interface Label {
  readonly name: string;
  readonly label: string;
}

const orders = new WeakMap<FormTable, readonly Label[]>();

/** The columns by their names, worked out once for each table. */
function inOrder(table: FormTable): readonly Label[] {
  let order = orders.get(table);
  if (!order) {
    const names = table.columns.map(({ name }) => name).sort();
    order = names.map(name => ({ name, label: field(name) }));
    orders.set(table, order);
  }
  return order;
}

/** Its length before it, so that no two lists of fields are one text. */
function field(text: string): string {
  return `${text.length}:${text}`;
}

function tagged(value: Value): string {
  if (typeof value === 'string') return `s${field(value)}`;
  if (value === null) return 'n';
  if (value instanceof Uint8Array) return `x${field(Buffer.from(value).toString('base64'))}`;
  if (value instanceof CalendarDate) return `d${value.days};`;
  // 5 and 5n are the same number on the wire.
  return typeof value === 'boolean' ? `b${value};` : `i${value};`;
}
