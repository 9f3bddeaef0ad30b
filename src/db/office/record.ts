/** The records of a station's forms, taken by Status. */
import { type FormTable, numeroColumn, RecordStatus, statusColumn } from '../../core/record.ts';
import type { CollectedRecord } from '../../core/station-ports.ts';
import { type Queryable, quoted } from '../database.ts';
import { qualified } from '../form-tables.ts';
import { fromText, textSettings } from '../value.ts';

/** A row with Status 0 is the centre's business where the centre has filed it, and has not been told. */
const cancels = `exists (
    select from xms.kept k where k.table_name = $2 and k.numero = record.${quoted(numeroColumn)}
       and k.outcome = 'filed' and not k.cancels)
  and not exists (
    select from xms.kept k where k.table_name = $2 and k.numero = record.${quoted(numeroColumn)}
       and k.cancels and k.outcome is distinct from 'renewed')`;

/** Rows of the Status `$1` in the table of the name `$2`; those that came from the centre, which has them, are passed over. */
function dueRows(table: string, status: number): string {
  return `${qualified(table)} as record
      where ${quoted(statusColumn)} = $1
        and not exists (select from xms.imported i where i.table_name = $2 and i.numero = record.${quoted(numeroColumn)})
        ${status === RecordStatus.cancelled ? `and ${cancels}` : ''}`;
}

/** How many of them there are. */
export async function countRecords(connection: Queryable, table: string, status: number): Promise<number> {
  const [row] = await connection.query<{ count: bigint }>(`select count(*) from ${dueRows(table, status)}`, [
    status,
    table,
  ]);
  return Number(row?.count ?? 0);
}

/**
 * Up to `limit` rows of this Status, by Numero, behind `after`; those that somebody else works at are passed over, and
 * those that came from the centre, which has them. Of Status 0: those that are to be cancelled at the centre.
 */
export async function lockRecords(
  connection: Queryable,
  table: FormTable,
  status: number,
  limit: number,
  after?: bigint,
): Promise<CollectedRecord[]> {
  // As text: what travels is the value that PostgreSQL holds, not what JavaScript makes of it. By place: whatever the
  // names of columns are, they name no properties of our objects.
  const columns = table.columns.map(({ name }, i) => `${quoted(name)}::text as c${i}`);
  await connection.query(textSettings);
  const rows = await connection.query<Record<string, string | null>>(
    `select ${columns.join(',')} from ${dueRows(table.name, status)}
        and ($4::bigint is null or record.${quoted(numeroColumn)} > $4)
      order by record.${quoted(numeroColumn)} limit $3 for update of record skip locked`,
    [status, table.name, limit, after ?? null],
  );
  return rows.map(row => {
    const record = new Map(
      table.columns.map(({ name, kind }, i) => [name, fromText(kind, row[`c${i}`] ?? null)]),
    );
    return { numero: BigInt(record.get(numeroColumn) as number | bigint), record };
  });
}

export async function setStatus(
  connection: Queryable,
  table: string,
  numeros: readonly bigint[],
  { from, to }: { readonly from: number; readonly to: RecordStatus },
): Promise<void> {
  const [numero, status] = [quoted(numeroColumn), quoted(statusColumn)];
  await connection.query(
    `update ${qualified(table)} set ${status} = $3 where ${numero} = any($1::bigint[]) and ${status} = $2`,
    [numeros, from, to],
  );
}
