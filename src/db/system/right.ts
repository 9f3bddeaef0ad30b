/** Which tables a client may write and read. */
import type { TableRight } from '../../core/administration/ports.ts';
import type { Queryable } from '../database.ts';

/** By the name of the table. */
export function readRights(database: Queryable, client: number): Promise<TableRight[]> {
  return database.query<{ table: string; write: boolean; read: boolean }>(
    `select table_name as "table", may_write as "write", may_read as "read"
       from access_right where client = $1 and (may_write or may_read) order by table_name collate "C"`,
    [client],
  );
}

/** Those that are neither to write nor to read are removed. */
export async function writeRights(
  database: Queryable,
  client: number,
  rights: readonly TableRight[],
): Promise<void> {
  const [kept, gone] = [rights.filter(isRight), rights.filter(right => !isRight(right))];
  await database.query('delete from access_right where client = $1 and table_name = any($2)', [
    client,
    gone.map(({ table }) => table),
  ]);
  await database.query(
    `insert into access_right (client, table_name, may_write, may_read)
     select $1, t, w, r from unnest($2::text[], $3::boolean[], $4::boolean[]) k (t, w, r)
     on conflict (client, table_name) do update set may_write = excluded.may_write, may_read = excluded.may_read`,
    [client, kept.map(({ table }) => table), kept.map(({ write }) => write), kept.map(({ read }) => read)],
  );
}

function isRight({ write, read }: TableRight): boolean {
  return write || read;
}
