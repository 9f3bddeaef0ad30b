/** Pages of a list by keyset: each begins at a mark that names a row, never at a count of rows to skip. */
import type { Page, PageQuery } from '../core/administration/ports.ts';
import { XmError } from '../core/errors.ts';
import type { Queryable, Row } from './database.ts';

interface SortColumn {
  /** With its collation, as the index has it. */
  readonly sql: string;
  /** Type of the value, which travels in a mark as text. */
  readonly type: 'integer' | 'bigint' | 'text' | 'timestamptz' | 'date';
}

export interface Listing<Sort extends string, R extends Row, T> {
  readonly columns: string;
  readonly from: string;
  /** Unique, and the second column of every index that a list is sorted by. */
  readonly id: string;
  readonly sorts: Readonly<Record<Sort, SortColumn>>;
  read(row: R): T;
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
  query: PageQuery<Sort>,
  filter: Filter,
): Promise<Page<T>> {
  const { sql, type } = listing.sorts[query.sort];
  const backwards = query.before !== undefined;
  const down = (query.descending ?? false) !== backwards;
  const parameters = [...filter.parameters];
  const conditions = [...filter.conditions];
  const mark = query.before ?? query.after;
  if (mark !== undefined) {
    const { value, id } = readMark(mark, query.sort, type);
    parameters.push(value, id);
    const at = parameters.length;
    conditions.push(`(${sql}, ${listing.id}) ${down ? '<' : '>'} ($${at - 1}::${type}, $${at}::integer)`);
  }
  parameters.push(query.limit + 1);
  const direction = down ? 'desc' : 'asc';
  const rows = await database.query<R & MarkRow>(
    `select ${listing.columns}, ${sql}::text as mark_value, ${listing.id} as mark_id from ${listing.from}
      ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
      order by ${sql} ${direction}, ${listing.id} ${direction} limit $${parameters.length}`,
    parameters,
  );
  const more = rows.length > query.limit;
  const kept = rows.slice(0, query.limit);
  if (backwards) kept.reverse();
  const [first, last] = [kept[0], kept.at(-1)];
  return {
    rows: kept.map(row => listing.read(row)),
    ...(first && last ? { first: markOf(first, query.sort), last: markOf(last, query.sort) } : {}),
    more,
  };
}

interface MarkRow {
  readonly mark_value: string;
  readonly mark_id: number;
}

function markOf({ mark_value, mark_id }: MarkRow, sort: string): string {
  return Buffer.from(JSON.stringify([sort, mark_value, mark_id])).toString('base64url');
}

const forms = {
  integer: /^\d{1,9}$/,
  bigint: /^-?\d{1,18}$/,
  // NUL cannot be stored, so no row has it.
  text: /^\P{Cc}*$/u,
  timestamptz: /^[\d-]{10} [\d:.]{8,15}[+-][\d:]{2,8}$/,
  date: /^\d{4}-\d\d-\d\d$/,
} as const satisfies Record<SortColumn['type'], RegExp>;

function readMark(mark: string, sort: string, type: SortColumn['type']): { value: string; id: number } {
  const [markSort, value, id] = partsOf(mark);
  const fits =
    markSort === sort && typeof value === 'string' && forms[type].test(value) && Number.isSafeInteger(id);
  if (!fits) throw new XmError('page-unknown', { page: mark });
  return { value, id: Number(id) };
}

function partsOf(mark: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(mark, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
