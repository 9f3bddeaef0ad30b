/** The numbers that the server gives to records: each table's own sequence. */
import { numeroColumn } from '../../core/record.ts';
import { type Queryable, quoted } from '../database.ts';
import { qualified } from '../form-tables.ts';

/** The next `count` numbers; nulls where the table has no sequence. */
export async function takeNumeros(
  connection: Queryable,
  table: string,
  count: number,
): Promise<(bigint | null)[]> {
  const rows = await connection.query<{ numero: bigint | null }>(
    // The sequence's name is looked up once, not for each number.
    `with sequence as materialized (select pg_get_serial_sequence($1, $2)::regclass as name)
     select nextval(name) as numero from sequence, generate_series(1, $3)`,
    [qualified(table), numeroColumn, count],
  );
  return rows.map(({ numero }) => numero);
}

/**
 * Moves the sequence past the highest Numero; false: it was. Old records that were loaded with their numbers leave the
 * sequence behind, and the next records would be refused for a collision that is not theirs.
 */
export async function advanceNumeros(connection: Queryable, table: string): Promise<boolean> {
  const moved = await connection.query(
    `select setval(s.name, m.numero)
       from (select pg_get_serial_sequence($1, $2)::regclass as name) s,
            (select max(${quoted(numeroColumn)})::bigint as numero from ${qualified(table)}) m
      where s.name is not null and m.numero > coalesce(pg_sequence_last_value(s.name), 0)`,
    [qualified(table), numeroColumn],
  );
  return moved.length > 0;
}
