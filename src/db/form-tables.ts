/**
 * The structure of exchangeable tables, from PostgreSQL's catalogue: any table whose columns "Numero" and "Status" are
 * integers. Generated columns are left out: nobody can write them, so they do not travel.
 */
import { type Column, type ColumnKind, type FormTable, numeroColumn, statusColumn } from '../core/record.ts';
import { type Queryable, quoted } from './database.ts';

interface CatalogueRow extends Record<string, unknown> {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly base: string;
  readonly modifier: number;
  readonly not_null: boolean;
  readonly has_default: boolean;
  readonly is_folded: boolean;
}

const query = `
  select c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as "type",
         t.typname as base, a.atttypmod as modifier, a.attnotnull as not_null,
         a.atthasdef or a.attidentity <> '' as has_default,
         t.typname in ('text', 'varchar', 'bpchar') and exists (
           select from pg_index i where i.indrelid = c.oid and i.indisvalid and i.indkey[0] = 0
              and pg_get_indexdef(i.indexrelid, 1, true)
                  in (format('xms.folded(%I)', a.attname), format('xms.folded(%I::text)', a.attname))) as is_folded
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    join pg_type t on t.oid = a.atttypid
   where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
     and a.attgenerated = ''
     and 2 = (select count(*) from pg_attribute b
               where b.attrelid = c.oid and b.attname in ('${numeroColumn}', '${statusColumn}')
                 and b.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype))
   order by c.relname, a.attnum`;

export async function readFormTables(database: Queryable): Promise<ReadonlyMap<string, FormTable>> {
  const rows = await database.query<CatalogueRow>(query);
  const tables = new Map<string, FormTable>();
  for (const [name, columns] of Map.groupBy(rows, row => row.table)) {
    tables.set(name, { name, columns: columns.map(columnOf) });
  }
  return tables;
}

/** A form table's name in a statement: of schema public, whatever the role's search path. */
export function qualified(table: string): string {
  return `public.${quoted(table)}`;
}

function columnOf(row: CatalogueRow): Column {
  const bits = integerBits[row.base];
  return {
    name: row.column,
    kind: kinds[row.base] ?? 'unsupported',
    type: row.type,
    // A record without its number could not be told from another, even where the table would take it.
    nullable: !row.not_null && row.column !== numeroColumn,
    hasDefault: row.has_default,
    // atttypmod of varchar(n) and char(n) is n + 4
    ...(row.modifier > 4 && (row.base === 'varchar' || row.base === 'bpchar')
      ? { maxLength: row.modifier - 4 }
      : {}),
    ...(row.is_folded ? { isFolded: true } : {}),
    ...(bits ? { min: -(2n ** (bits - 1n)), max: 2n ** (bits - 1n) - 1n } : {}),
  };
}

const integerBits: Record<string, bigint> = { int2: 16n, int4: 32n, int8: 64n };

const kinds: Record<string, ColumnKind> = {
  bool: 'boolean',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  numeric: 'decimal',
  float4: 'float',
  float8: 'float',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  bytea: 'bytes',
  uuid: 'uuid',
  json: 'json',
  jsonb: 'json',
};
