/**
 * A SELECT text, as the guide's clients make it (§6.3), turned into a restricted query: parsed by PostgreSQL's own
 * grammar, of which only what a query can say is taken over. Everything else is refused by name; nothing of the text
 * itself ever reaches the database.
 */
import type { SelectStmt } from 'libpg-query';
import { XmError } from '../core/errors.ts';
import type { Query } from '../core/query.ts';
import { queryLimits } from '../core/query-rules.ts';
import type { FormTable } from '../core/record.ts';
import { conditionOf } from './select-condition.ts';
import { columnOf, denied, type Tree, tableOf } from './select-tree.ts';

/** Throws `query-syntax`, `query-denied`, `query-too-complex`, `table-denied`. */
export async function readSelect(text: string, tables: ReadonlyMap<string, FormTable>): Promise<Query> {
  if (text.length > queryLimits.text) throw new XmError('query-too-complex');
  if (text.trim() === '' || text.includes('\0')) throw new XmError('query-syntax', { detail: 'SELECT …' });
  const select = selectOf(await parsed(text));
  for (const [clause, what] of clauses) if (select[clause] !== undefined) throw denied(what);
  if (select.op !== undefined && select.op !== 'SETOP_NONE') throw denied(select.op.replace('SETOP_', ''));
  const [from, ...others] = select.fromClause ?? [];
  if (!from) throw denied('SELECT … (FROM)');
  if (others.length > 0) throw denied('FROM …, …');
  const { table, alias } = tableOf(from, tables);
  const scope = { table, alias };
  const limit = limitOf(select);
  return {
    table: table.name,
    columns: columnsOf(select, scope),
    ...(select.whereClause ? { where: conditionOf(select.whereClause, scope, queryLimits.depth) } : {}),
    order: (select.sortClause ?? []).map(node => orderOf(node, scope)),
    ...(limit === undefined ? {} : { limit }),
  };
}

/** Clauses of a SELECT that a query has not. */
const clauses = [
  ['withClause', 'WITH'],
  ['intoClause', 'INTO'],
  ['distinctClause', 'DISTINCT'],
  ['groupClause', 'GROUP BY'],
  ['havingClause', 'HAVING'],
  ['windowClause', 'WINDOW'],
  ['lockingClause', 'FOR UPDATE'],
  ['limitOffset', 'OFFSET'],
  ['valuesLists', 'VALUES'],
] as const satisfies readonly (readonly [keyof SelectStmt, string])[];

/** The grammar comes as 1 MB of WebAssembly: loaded by the first who asks in this form. */
async function parsed(text: string): Promise<readonly Tree[]> {
  const { parse } = await import('libpg-query');
  try {
    const { stmts } = await parse(text);
    return (stmts ?? []).flatMap(({ stmt }) => (stmt ? [stmt] : []));
  } catch (error) {
    // Too deep for the parser's stack, or for ours.
    if (error instanceof RangeError) throw new XmError('query-too-complex', {}, { cause: error });
    throw new XmError('query-syntax', { detail: (error as Error).message.slice(0, 120) }, { cause: error });
  }
}

function selectOf(statements: readonly Tree[]): SelectStmt {
  const [statement, ...others] = statements;
  if (!statement) throw new XmError('query-syntax', { detail: 'SELECT …' });
  if (others.length > 0) throw denied('SELECT …; …');
  if (!('SelectStmt' in statement)) throw denied(nameOf(statement));
  return statement.SelectStmt;
}

/** `CopyStmt` → `COPY`, `CreateRoleStmt` → `CREATE ROLE`. */
function nameOf(statement: Tree): string {
  const [kind = ''] = Object.keys(statement);
  return kind
    .replace(/Stmt$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
}

interface Scope {
  readonly table: FormTable;
  readonly alias: string;
}

/** None for `*`. */
function columnsOf({ targetList }: SelectStmt, scope: Scope): string[] {
  const columns = (targetList ?? []).map(target => {
    if (!('ResTarget' in target)) throw denied('SELECT …');
    const { val, name, indirection } = target.ResTarget;
    if (name !== undefined) throw denied('AS');
    if (!val || indirection) throw denied('SELECT …');
    return columnOf(val, scope);
  });
  if (columns.length === 0) throw denied('SELECT …');
  if (!columns.includes('*')) return columns;
  if (columns.length > 1) throw denied('*, …');
  return [];
}

function orderOf(node: Tree, scope: Scope): Query['order'][number] {
  if (!('SortBy' in node)) throw denied('ORDER BY …');
  const { node: what, sortby_dir, sortby_nulls } = node.SortBy;
  if (!what || 'A_Const' in what) throw denied('ORDER BY 1');
  if (sortby_nulls !== undefined && sortby_nulls !== 'SORTBY_NULLS_DEFAULT')
    throw denied('NULLS FIRST, NULLS LAST');
  if (sortby_dir === 'SORTBY_USING') throw denied('ORDER BY … USING');
  const column = columnOf(what, scope);
  if (column === '*') throw denied('ORDER BY *');
  return { column, descending: sortby_dir === 'SORTBY_DESC' };
}

function limitOf({ limitCount, limitOption }: SelectStmt): number | undefined {
  if (limitOption === 'LIMIT_OPTION_WITH_TIES') throw denied('WITH TIES');
  if (!limitCount) return undefined;
  if (!('A_Const' in limitCount)) throw denied('LIMIT …');
  const { isnull, ival } = limitCount.A_Const;
  if (isnull) return undefined; // LIMIT ALL
  const limit = ival && (ival.ival ?? 0);
  if (limit === undefined || limit < 0) throw denied('LIMIT …');
  return limit;
}
