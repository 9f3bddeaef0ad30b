/** Conditions as SQL: names quoted, values as parameters of their column's type. */
import type { Condition } from '../../core/query.ts';
import type { Column, FormTable, Value } from '../../core/record.ts';
import { quoted } from '../database.ts';
import { toParameter } from '../value.ts';

/** Of one statement. */
export class Parameters {
  readonly values: unknown[] = [];
  readonly #columns: ReadonlyMap<string, Column>;

  constructor(table: FormTable) {
    this.#columns = new Map(table.columns.map(column => [column.name, column]));
  }

  isFolded(column: string): boolean {
    return this.#columns.get(column)?.isFolded ?? false;
  }

  /** The mark of a value that the column is compared with: `$3::bigint`. */
  mark(column: string, value: Value | string): string {
    return `$${this.values.push(toParameter(value))}::${typeOf(this.#columns.get(column))}`;
  }
}

/** Wider than the column's own, where that has a limit: what is compared need not fit in. */
function typeOf(column: Column | undefined): string {
  switch (column?.kind) {
    case 'integer':
      return 'bigint';
    case 'decimal':
      return 'numeric';
    case 'float':
      return 'float8';
    case 'bytes':
      return 'bytea';
    case 'timestamp':
      return column.type.includes('with time zone') ? 'timestamptz' : 'timestamp';
    case 'boolean':
    case 'date':
    case 'time':
    case 'uuid':
      return column.kind;
    default:
      return 'text';
  }
}

export function conditionText(condition: Condition, parameters: Parameters): string {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const texts = condition.conditions.map(one => `(${conditionText(one, parameters)})`);
      return texts.length > 0 ? texts.join(` ${condition.kind} `) : String(condition.kind === 'and');
    }
    case 'not':
      return `not (${conditionText(condition.condition, parameters)})`;
    case 'null':
      return `${quoted(condition.column)} is null`;
    case 'in': {
      const { column, values } = condition;
      const marks = values.map(value => parameters.mark(column, value));
      return marks.length > 0 ? among(column, marks, parameters) : 'false';
    }
    case 'compare': {
      const { column, by, value } = condition;
      if (by === '=') return among(column, [parameters.mark(column, value)], parameters);
      return `${quoted(column)} ${by} ${parameters.mark(column, value)}`;
    }
  }
}

/** Names are in an index as they are without accents and case: that they are equal so, too, says nothing new. */
function among(column: string, marks: readonly string[], parameters: Parameters): string {
  const name = quoted(column);
  const same = `${name} in (${marks.join(', ')})`;
  if (!parameters.isFolded(column)) return same;
  return `(${same} and xms.folded(${name}) in (${marks.map(mark => `xms.folded(${mark})`).join(', ')}))`;
}
