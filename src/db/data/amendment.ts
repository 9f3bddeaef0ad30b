/** Records that are filed already: cancelled, or given margin notes, of which the former are kept (data.md, "Rules"). */
import { marginNotes } from '../../core/engine/services/export.ts';
import type { Reason } from '../../core/ports.ts';
import { numeroColumn, RecordStatus, statusColumn } from '../../core/record.ts';
import { type Queryable, quoted } from '../database.ts';
import { qualified } from '../form-tables.ts';
import { type Filed, guarded, jsonOf, reasonOf, Unnumbered } from './record.ts';

export type Amendment = Required<Filed>;

/** Undefined: it is done; else why not. */
export async function amend(connection: Queryable, amendment: Amendment): Promise<Reason | undefined> {
  const { act, numero } = amendment;
  const done = await guarded(connection, () =>
    act === 'cancelled' ? cancel(connection, amendment) : change(connection, amendment),
  );
  if (done instanceof Unnumbered) return { code: 'internal-fault', params: { detail: done.message } };
  if (done instanceof Error) return reasonOf(done);
  return done ? undefined : { code: 'record-already-filed', params: { numero: Number(numero) } };
}

async function cancel(connection: Queryable, { candidate: { table }, numero }: Amendment): Promise<boolean> {
  const rows = await connection.query(
    `update ${qualified(table.name)} set ${quoted(statusColumn)} = ${RecordStatus.cancelled}
      where ${quoted(numeroColumn)} = $1 returning 1`,
    [numero],
  );
  return rows.length > 0;
}

/** What stands beside the notes, and beside what the two databases number and mark for themselves. */
const own: ReadonlySet<string> = new Set([numeroColumn, statusColumn, marginNotes]);

/** False: something else has changed. Compared as text, for not all types know equality. */
async function change(connection: Queryable, { candidate, numero }: Amendment): Promise<boolean> {
  const { name: table, columns } = candidate.table;
  // JSON goes through text, as where records are inserted.
  const types = columns.map(({ name, kind, type }) => `${quoted(name)} ${kind === 'json' ? 'text' : type}`);
  const same = columns
    .filter(column => !own.has(column.name))
    .map(({ name, type }) => `t.${quoted(name)}::text is not distinct from n.${quoted(name)}::${type}::text`);
  const notes = quoted(marginNotes);
  const rows = await connection.query(
    `with n as (select * from json_to_recordset($1::json) as record (${types.join()})),
     former as (
       select t.${notes}::text as notes from ${qualified(table)} t, n
        where t.${quoted(numeroColumn)} = $2 and ${same.join(' and ') || 'true'} for update of t),
     changed as (
       update ${qualified(table)} t set ${notes} = n.${notes} from n, former
        where t.${quoted(numeroColumn)} = $2 returning 1)
     insert into xms.version (table_name, numero, notes) select $3, $2, notes from former, changed returning 1`,
    [`[${jsonOf(columns)({ candidate, numero })}]`, numero, table],
  );
  return rows.length > 0;
}
