/** Records as they are read from messages: many of one structure, whose names are looked up in one place for all. */
import type { FormRecord, Value } from './record.ts';

/** Names of columns in their order, and where each stands. */
export class Structure {
  readonly columns: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(columns: readonly string[]) {
    this.columns = columns;
    this.#places = new Map(columns.map((column, place) => [column, place]));
  }

  /** Whether no column has the name of another. */
  get isProper(): boolean {
    return this.#places.size === this.columns.length;
  }

  placeOf(column: string): number | undefined {
    return this.#places.get(column);
  }
}

/** One array: a Map for each record takes ten times as long to make, and 3.5 KB. */
export class StructuredRecord implements FormRecord {
  readonly #structure: Structure;
  readonly #values: readonly Value[];

  /** `values`: in the order of the columns, one for each. */
  constructor(structure: Structure, values: readonly Value[]) {
    this.#structure = structure;
    this.#values = values;
  }

  get size(): number {
    return this.#values.length;
  }

  get(column: string): Value | undefined {
    const place = this.#structure.placeOf(column);
    return place === undefined ? undefined : this.#values[place];
  }

  has(column: string): boolean {
    return this.#structure.placeOf(column) !== undefined;
  }

  keys(): MapIterator<string> {
    return this.#structure.columns.values();
  }

  values(): MapIterator<Value> {
    return this.#values.values();
  }

  *entries(): MapIterator<[string, Value]> {
    for (const [place, column] of this.#structure.columns.entries()) {
      yield [column, this.#values[place] as Value];
    }
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }

  forEach(visit: (value: Value, column: string, record: FormRecord) => void): void {
    for (const [column, value] of this) visit(value, column, this);
  }
}

/** Whether a value is a record, in whichever way it is held. */
export function isRecord(value: unknown): value is FormRecord {
  return value instanceof StructuredRecord || value instanceof Map;
}
