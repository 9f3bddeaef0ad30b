/** Pages of a list by keyset: each begins at a mark that names a row, never at a count of rows to skip. */
import type { ListPage } from '../core/administration/ports.ts';
import { XmError } from '../core/errors.ts';
import type { PageRequest } from '../core/page.ts';
import { isLastingFault, type Queryable, type Row } from './database.ts';
import { storableText } from './storable.ts';

/** One order of a list: rows are found and sorted by it first, and only those of the page are joined with the rest. */
interface Order {
  /** With its collation, as the index has it. */
  readonly sql: string;
  /** Type of the value, which travels in a mark as text. */
  readonly type: 'integer' | 'bigint' | 'text' | 'timestamptz' | 'date';
  /** Unique, and the second column of the index that the list is sorted by. */
  readonly id: string;
  /** What is sorted: all rows, or those that fit the conditions of the list. */
  readonly from: (conditions: string | undefined) => string;
}

export interface Listing<Sort extends string, R extends Row, T> {
  readonly columns: string;
  readonly from: string;
  readonly id: string;
  readonly orders: Readonly<Record<Sort, Order>>;
  readonly read: (row: R) => T;
}

interface Filter {
  /** With the parameters `$1` to `$n`. */
  readonly conditions: readonly string[];
  readonly parameters: readonly unknown[];
}

/** Throws `page-unknown` for a mark that is none of a list sorted like this. */
export async function readPage<Sort extends string, R extends Row, T>(
  database: Queryable,
  listing: Listing<Sort, R, T>,
  query: PageRequest & { readonly sort: Sort },
  filter: Filter,
): Promise<ListPage<T>> {
  const { sql, type, id, from } = listing.orders[query.sort];
  const bound = typeof query.from === 'object' ? query.from : undefined;
  const backwards = bound ? bound.side === 'before' : query.from === 'end';
  const down = query.descending !== backwards;
  const parameters = [...filter.parameters];
  let beyond = '';
  if (bound) {
    const mark = readMark(bound.key, query.sort);
    const [value, at] = [parameters.push(mark.value), parameters.push(mark.id)];
    const side = `${down ? '<' : '>'}${bound.side === 'at' ? '=' : ''}`;
    beyond = `where (${sql}, ${id}) ${side} ($${value}::${type}, $${at}::integer)`;
  }
  parameters.push(query.limit + 1);
  const direction = down ? 'desc' : 'asc';
  const rows = await askedFor(bound?.key, () =>
    database.query<R & MarkRow>(
      `with page as materialized (
       select ${sql} as mark_value, ${id} as mark_id
         from ${from(filter.conditions.length === 0 ? undefined : filter.conditions.join(' and '))} ${beyond}
        order by ${sql} ${direction}, ${id} ${direction} limit $${parameters.length})
     select ${listing.columns}, page.mark_value::text as mark_value, page.mark_id
       from page join ${listing.from} on ${listing.id} = page.mark_id
      order by page.mark_value ${direction}, page.mark_id ${direction}`,
      parameters,
    ),
  );
  const more = rows.length > query.limit;
  const kept = rows.slice(0, query.limit);
  if (backwards) kept.reverse();
  return { rows: kept.map(row => ({ ...listing.read(row), key: markOf(row, query.sort) })), more };
}

/**
 * The rows of a table that fit. The planner, which cannot tell how many rows have a word, would read all in their order
 * to find a word that none has; `offset 0` makes it look the word up, and sort what it finds.
 */
export function rowsOf(table: string, alias: string, conditions: string | undefined): string {
  if (conditions === undefined) return `${table} ${alias}`;
  return `(select * from ${table} ${alias} where ${conditions} offset 0) ${alias}`;
}

interface MarkRow {
  readonly mark_value: string;
  readonly mark_id: number | bigint;
}

function markOf({ mark_value, mark_id }: MarkRow, sort: string): string {
  return Buffer.from(JSON.stringify([sort, mark_value, Number(mark_id)])).toString('base64url');
}

function readMark(mark: string, sort: string): { value: string; id: number } {
  const [markSort, value, id] = partsOf(mark);
  if (markSort !== sort || typeof value !== 'string' || !Number.isSafeInteger(id)) {
    throw new XmError('page-unknown', { page: mark });
  }
  return { value: storableText(value), id: Number(id) };
}

/** SQLSTATE class 22: a value that is none of its type. Only a mark that nobody was given holds one. */
async function askedFor<T>(mark: string | undefined, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (mark === undefined || !isLastingFault(error) || !error.code?.startsWith('22')) throw error;
    throw new XmError('page-unknown', { page: mark }, { cause: error });
  }
}

function partsOf(mark: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(mark, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
