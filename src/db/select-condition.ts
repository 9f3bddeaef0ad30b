/** The WHERE clause of a parsed SELECT, as a condition: comparisons of one column with constants, AND, OR, NOT. */
import { XmError } from '../core/errors.ts';
import type { Comparison, Condition } from '../core/query.ts';
import { CalendarDate, type Column, type FormTable, type Value } from '../core/record.ts';
import { columnOf, denied, kindOf, type Tree } from './select-tree.ts';

interface Scope {
  readonly table: FormTable;
  readonly alias: string;
}

/** `depth`: how deep it may go. Throws `query-denied`, `query-too-complex`, `column-unknown`, `value-type`. */
export function conditionOf(node: Tree, scope: Scope, depth: number): Condition {
  if (depth === 0) throw new XmError('query-too-complex');
  if ('BoolExpr' in node) {
    const { boolop, args = [] } = node.BoolExpr;
    const conditions = args.map(arg => conditionOf(arg, scope, depth - 1));
    if (boolop === 'NOT_EXPR') return not(conditions[0] as Condition);
    return { kind: boolop === 'AND_EXPR' ? 'and' : 'or', conditions };
  }
  if ('NullTest' in node) {
    const { arg, nulltesttype } = node.NullTest;
    const condition: Condition = { kind: 'null', column: columnIn(arg, scope).name };
    return nulltesttype === 'IS_NOT_NULL' ? not(condition) : condition;
  }
  if ('A_Expr' in node) return expressionOf(node.A_Expr, scope);
  throw denied(kindOf(node));
}

type Expression = Extract<Tree, { A_Expr: unknown }>['A_Expr'];

function expressionOf({ kind, name, lexpr, rexpr }: Expression, scope: Scope): Condition {
  const operators = (name ?? []).map(part => ('String' in part ? (part.String.sval ?? '') : ''));
  // OPERATOR(schema.=) is somebody's own operator.
  const [operator = '', schema] = operators.reverse();
  if (schema !== undefined) throw denied('OPERATOR()');
  switch (kind) {
    case 'AEXPR_OP':
      return comparisonOf(operator, lexpr, rexpr, scope);
    case 'AEXPR_LIKE': {
      const column = columnIn(lexpr, scope);
      const like: Condition = {
        kind: 'compare',
        column: column.name,
        by: 'like',
        value: constantIn(rexpr, column),
      };
      return operator === '!~~' ? not(like) : like;
    }
    case 'AEXPR_IN': {
      const column = columnIn(lexpr, scope);
      const values = itemsOf(rexpr).map(item => constantIn(item, column));
      const within: Condition = { kind: 'in', column: column.name, values };
      return operator === '<>' ? not(within) : within;
    }
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN': {
      const column = columnIn(lexpr, scope);
      const [low, high] = itemsOf(rexpr).map(item => constantIn(item, column));
      const between: Condition = {
        kind: 'and',
        conditions: [
          { kind: 'compare', column: column.name, by: '>=', value: low ?? null },
          { kind: 'compare', column: column.name, by: '<=', value: high ?? null },
        ],
      };
      return kind === 'AEXPR_BETWEEN' ? between : not(between);
    }
    default:
      throw denied((kind ?? '').replace('AEXPR_', '').replaceAll('_', ' '));
  }
}

/** With its sides changed. */
const mirrored = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
} as const satisfies Partial<Record<Comparison, Comparison>>;

function comparisonOf(
  operator: string,
  left: Tree | undefined,
  right: Tree | undefined,
  scope: Scope,
): Condition {
  const by = operator === '!=' ? '<>' : operator;
  if (!isComparison(by)) throw denied(by);
  if (left && 'ColumnRef' in left) {
    const column = columnIn(left, scope);
    return { kind: 'compare', column: column.name, by, value: constantIn(right, column) };
  }
  if (!left || !isConstant(left)) throw denied(left ? kindOf(left) : by);
  const column = columnIn(right, scope);
  return { kind: 'compare', column: column.name, by: mirrored[by], value: constantIn(left, column) };
}

function isComparison(operator: string): operator is keyof typeof mirrored {
  return Object.hasOwn(mirrored, operator);
}

function isConstant(node: Tree): boolean {
  return 'A_Const' in node || ('TypeCast' in node && !!node.TypeCast.arg && isConstant(node.TypeCast.arg));
}

function columnIn(node: Tree | undefined, scope: Scope): Column {
  if (!node) throw denied('WHERE …');
  const name = columnOf(node, scope);
  const column = scope.table.columns.find(known => known.name === name);
  if (!column) throw denied('*');
  return column;
}

function itemsOf(node: Tree | undefined): readonly Tree[] {
  if (node && 'List' in node) return node.List.items ?? [];
  throw denied(node ? kindOf(node) : '()');
}

function not(condition: Condition): Condition {
  return { kind: 'not', condition };
}

/** Casts of constants say what the column's type says anyway; others may run any code. */
const castable =
  /^(bool|int2|int4|int8|numeric|float4|float8|text|varchar|bpchar|date|time|timestamp|timestamptz|uuid)$/;

function constantIn(node: Tree | undefined, column: Column): Value {
  if (!node) throw denied('WHERE …');
  if ('TypeCast' in node) {
    const { arg, typeName } = node.TypeCast;
    const names = (typeName?.names ?? []).map(part => ('String' in part ? (part.String.sval ?? '') : ''));
    const type = names.at(-1) ?? '';
    const isOurs = names.length === 1 || names[0] === 'pg_catalog';
    if (!isOurs || !castable.test(type) || typeName?.arrayBounds || !arg || !('A_Const' in arg)) {
      throw denied(`::${names.join('.')}`);
    }
    return constantIn(arg, column);
  }
  if ('ColumnRef' in node) throw denied(`${column.name} = …`);
  if (!('A_Const' in node)) throw denied(kindOf(node));
  const { isnull, boolval, ival, fval, sval, bsval } = node.A_Const;
  if (isnull) return null;
  if (bsval) throw denied("B'…'");
  // The parser leaves out what is zero, false or empty.
  if (boolval) return boolval.boolval ?? false;
  if (ival) return numberOf(String(ival.ival ?? 0), column);
  if (fval) return numberOf(fval.fval ?? '0', column);
  return sval ? textOf(sval.sval ?? '', column) : null;
}

function numberOf(text: string, { kind }: Column): Value {
  if (kind === 'decimal') return text;
  if (!/^-?\d+$/.test(text)) return Number(text);
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** A text constant becomes what the column holds, as PostgreSQL would make it; where it cannot, the rules refuse it. */
function textOf(text: string, { kind }: Column): Value {
  const trimmed = text.trim();
  switch (kind) {
    case 'integer':
      return /^[-+]?\d{1,19}$/.test(trimmed) ? BigInt(trimmed) : text;
    case 'float':
      return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
    case 'boolean':
      return booleans.get(trimmed.toLowerCase()) ?? text;
    case 'date':
      return CalendarDate.parse(trimmed) ?? text;
    case 'bytes':
      return /^\\x([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text.slice(2), 'hex') : text;
    default:
      return text;
  }
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['t', 'true', 'yes', 'on', '1'].map(text => [text, true] as const),
  ...['f', 'false', 'no', 'off', '0'].map(text => [text, false] as const),
]);
