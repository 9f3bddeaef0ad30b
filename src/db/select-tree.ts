/** Names in a parsed SELECT: its table and columns, which must be a form table's own. */
import type { Node } from 'libpg-query';
import { XmError } from '../core/errors.ts';
import type { FormTable } from '../core/record.ts';

export type Tree = Node;

/** `what` in the words of SQL, which are the same in all languages. */
export function denied(what: string): XmError {
  return new XmError('query-denied', { what: what.slice(0, 63) });
}

/**
 * The one table of the FROM clause, and the name that columns may stand behind. Catalogues and the tables of other
 * schemas are tables that are not granted.
 */
export function tableOf(
  from: Tree,
  tables: ReadonlyMap<string, FormTable>,
): { readonly table: FormTable; readonly alias: string } {
  if ('RangeSubselect' in from) throw denied('FROM (SELECT …)');
  if ('JoinExpr' in from) throw denied('JOIN');
  if ('RangeFunction' in from) throw denied('FROM …()');
  if (!('RangeVar' in from)) throw denied('FROM …');
  const { catalogname, schemaname, relname = '', inh, alias } = from.RangeVar;
  if (!inh) throw denied('ONLY');
  if (alias?.colnames) throw denied('AS …(…)');
  const isPublic = catalogname === undefined && (schemaname === undefined || schemaname === 'public');
  const name = isPublic ? matching(relname, [...tables.keys()]) : undefined;
  const table = name === undefined ? undefined : tables.get(name);
  if (!table) {
    const told = [schemaname, relname].filter(part => part !== undefined).join('.');
    throw new XmError('table-denied', { table: told.slice(0, 63) });
  }
  return { table, alias: alias?.aliasname ?? relname };
}

/** A column of the table, or `*`. Throws `query-denied` for anything else, `column-unknown`. */
export function columnOf(
  node: Tree,
  { table, alias }: { readonly table: FormTable; readonly alias: string },
): string {
  if (!('ColumnRef' in node)) throw denied(kindOf(node));
  const fields = node.ColumnRef.fields ?? [];
  const names = fields.map(field => ('String' in field ? (field.String.sval ?? '') : '*'));
  const [name = '', qualifier, ...rest] = names.reverse();
  if (rest.length > 0 || (qualifier !== undefined && qualifier !== alias)) throw denied(`${qualifier}.…`);
  if (fields.some(field => 'A_Star' in field)) return '*';
  const column = matching(
    name,
    table.columns.map(known => known.name),
  );
  if (column === undefined) throw new XmError('column-unknown', { column: name.slice(0, 63) });
  return column;
}

/** As PostgreSQL would, and where that finds nothing, whatever the case: the guide's clients write names without quotes. */
function matching(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return name;
  const [first, ...others] = known.filter(one => one.toLowerCase() === name.toLowerCase());
  return others.length > 0 ? undefined : first;
}

/** What stands in the place of a column or a constant, in words that who wrote it knows again. */
export function kindOf(node: Tree): string {
  if ('FuncCall' in node) {
    const names = (node.FuncCall.funcname ?? []).map(part => ('String' in part ? part.String.sval : ''));
    return `${names.join('.')}()`;
  }
  const [kind = ''] = Object.keys(node);
  return others[kind] ?? kind.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase();
}

const others: Readonly<Record<string, string>> = {
  SubLink: '(SELECT …)',
  TypeCast: '::',
  A_Expr: 'SELECT … + …',
  A_Const: 'SELECT 1',
  ParamRef: '$1',
  CaseExpr: 'CASE',
  CoalesceExpr: 'COALESCE',
  MinMaxExpr: 'GREATEST',
  SQLValueFunction: 'CURRENT_…',
  A_ArrayExpr: 'ARRAY[…]',
  A_Indirection: '[…]',
  CollateClause: 'COLLATE',
  RowExpr: 'ROW(…)',
  XmlExpr: 'XML',
};
