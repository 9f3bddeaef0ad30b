/** Rows into a table: one statement, of one length whatever the number of rows. */
import { arrayOf, type Scalar } from '../array.ts';
import type { Queryable } from '../database.ts';

/** Column and type of each value of a row, in its order. */
export type Columns = readonly (readonly [name: string, type: string])[];

/**
 * `rows`: values in the order of the columns. They go as an array for each column: a VALUES list of thousands of
 * parameters took a quarter more of PostgreSQL's time, for parsing and planning it.
 */
export async function insertRows(
  connection: Queryable,
  table: string,
  columns: Columns,
  rows: readonly (readonly Scalar[])[],
): Promise<void> {
  if (rows.length === 0) return;
  const names = columns.map(([name]) => name);
  const arrays = columns.map(([, type], i) => `$${i + 1}::${type}[]`);
  await connection.query(
    `insert into ${table} (${names.join()}) select * from unnest(${arrays.join()})`,
    columns.map((_, i) => arrayOf(rows.map(row => row[i] ?? null))),
  );
}
