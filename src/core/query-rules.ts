/** Whether a query fits the table that it asks, and what it means where it says nothing (guide §6.3). */
import type { ErrorCode, ErrorParams } from './errors.ts';
import type { Condition, Query } from './query.ts';
import {
  type Column,
  type FormTable,
  numeroColumn,
  RecordStatus,
  statusColumn,
  type Value,
} from './record.ts';
import { shortened, valueFault } from './record-rules.ts';

interface Fault {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
}

/** A query with nothing left to guess: columns named, a condition, an order that ends by Numero. */
export type FullQuery = Required<Omit<Query, 'limit'>> & Pick<Query, 'limit'>;

/** Of one query; the wire has the same (docs/sdc.md, "IMPORT"). */
export const queryLimits = {
  /** Characters of a SELECT text. */
  text: 4_000,
  conditions: 200,
  depth: 16,
  values: 1_000,
  orders: 8,
  /** Characters of a pattern, and its `%`: what LIKE costs grows with both. */
  pattern: 200,
  wildcards: 8,
} as const;

/** The first fault of a query; undefined: the table can answer it. */
export function queryFault(query: Query, table: FormTable): Fault | undefined {
  const columns = new Map(table.columns.filter(travels).map(column => [column.name, column]));
  const named = [...query.columns, ...query.order.map(({ column }) => column)];
  const unknown = named.find(name => !columns.has(name));
  if (unknown !== undefined) return { code: 'column-unknown', params: { column: shortened(unknown) } };
  if (new Set(query.columns).size < query.columns.length) return tooComplex;
  if (new Set(query.order.map(({ column }) => column)).size < query.order.length) return tooComplex;
  if (query.order.length > queryLimits.orders) return tooComplex;
  if (query.limit !== undefined && !(Number.isSafeInteger(query.limit) && query.limit >= 0)) {
    return { code: 'query-denied', params: { what: `LIMIT ${query.limit}` } };
  }
  return query.where && conditionFault(query.where, columns, { conditions: 0, values: 0 }, 1);
}

/** The query with what it leaves out; `table` has no fault to find in it. */
export function fullQuery(query: Query, table: FormTable): FullQuery {
  const last = query.order.findIndex(({ column }) => column === numeroColumn);
  // What stands behind Numero decides nothing.
  const order = last < 0 ? query.order : query.order.slice(0, last + 1);
  return {
    table: query.table,
    columns: query.columns.length > 0 ? query.columns : table.columns.filter(travels).map(({ name }) => name),
    where: query.where ?? importable,
    order: last < 0 ? [...order, { column: numeroColumn, descending: false }] : order,
    ...(query.limit === undefined ? {} : { limit: query.limit }),
  };
}

const importable: Condition = {
  kind: 'compare',
  column: statusColumn,
  by: '=',
  value: RecordStatus.imported,
};

const tooComplex: Fault = { code: 'query-too-complex', params: {} };

function travels({ kind }: Column): boolean {
  return kind !== 'unsupported';
}

interface Tally {
  conditions: number;
  values: number;
}

function conditionFault(
  condition: Condition,
  columns: ReadonlyMap<string, Column>,
  tally: Tally,
  depth: number,
): Fault | undefined {
  if (depth > queryLimits.depth || ++tally.conditions > queryLimits.conditions) return tooComplex;
  switch (condition.kind) {
    case 'and':
    case 'or':
      return firstFault(condition.conditions, one => conditionFault(one, columns, tally, depth + 1));
    case 'not':
      return conditionFault(condition.condition, columns, tally, depth + 1);
  }
  const column = columns.get(condition.column);
  if (!column) return { code: 'column-unknown', params: { column: shortened(condition.column) } };
  switch (condition.kind) {
    case 'null':
      return undefined;
    case 'in':
      tally.values += condition.values.length;
      if (tally.values > queryLimits.values) return tooComplex;
      return firstFault(condition.values, value => operandFault(value, column));
    case 'compare':
      return condition.by === 'like'
        ? patternFault(condition.value, column)
        : comparisonFault(condition.value, column);
  }
}

/** Types that PostgreSQL does not put in an order: equality and IS NULL are all that can be asked. */
const unordered: ReadonlySet<Column['kind']> = new Set(['json']);

function comparisonFault(value: Value, column: Column): Fault | undefined {
  return unordered.has(column.kind)
    ? { code: 'query-denied', params: { what: `${column.type} = …` } }
    : operandFault(value, column);
}

/** What a column can be compared with: a value of its type, though not one that it could hold itself. */
function operandFault(value: Value, column: Column): Fault | undefined {
  // = NULL is true of no record: who writes it means IS NULL.
  if (value === null) return { code: 'value-null', params: { column: column.name } };
  if (unordered.has(column.kind)) return { code: 'query-denied', params: { what: `${column.type} IN (…)` } };
  const { maxLength: _length, min: _min, max: _max, ...unlimited } = column;
  return valueFault(value, column.kind === 'integer' ? { ...unlimited, ...int8 } : unlimited);
}

const int8 = { min: -(2n ** 63n), max: 2n ** 63n - 1n } as const;

function patternFault(value: Value, column: Column): Fault | undefined {
  if (column.kind !== 'text' || typeof value !== 'string') {
    return { code: 'query-denied', params: { what: `${column.type} LIKE …` } };
  }
  if (value.length > queryLimits.pattern || value.split('%').length - 1 > queryLimits.wildcards)
    return tooComplex;
  // PostgreSQL refuses a pattern that ends in the middle of an escape.
  if (/(^|[^\\])(\\\\)*\\$/.test(value)) return { code: 'value-range', params: { column: column.name } };
  return operandFault(value, column);
}

function firstFault<T>(items: readonly T[], check: (item: T) => Fault | undefined): Fault | undefined {
  for (const item of items) {
    const fault = check(item);
    if (fault) return fault;
  }
  return undefined;
}
