/** Records of the centre in the office's own forms: each lands once, under a Numero of this database. */
import { XmError } from '../../core/errors.ts';
import type { Reason } from '../../core/ports.ts';
import {
  type Column,
  type FormRecord,
  type FormTable,
  numeroColumn,
  RecordStatus,
  statusColumn,
} from '../../core/record.ts';
import { valueFault } from '../../core/record-rules.ts';
import type { Landing } from '../../core/station-ports.ts';
import { type DatabaseError, isLastingFault, type Queryable, quoted } from '../database.ts';
import { qualified } from '../form-tables.ts';
import { textSettings, toParameter } from '../value.ts';

/** In a transaction. What came before is brought up to date; what this office has filed itself stays as it is. */
export async function landRecords(
  connection: Queryable,
  table: FormTable,
  records: readonly FormRecord[],
): Promise<Landing> {
  const landing = { landed: 0, updated: 0, known: 0, faults: [] as Landing['faults'][number][] };
  const [first] = records;
  if (!first) return landing;
  await connection.query(textSettings);
  const numeros = records.map(numeroOf);
  const own = await ownRecords(connection, table.name, numeros);
  const imported = await importedRecords(connection, table.name, numeros);
  const columns = columnsOf(first, table);
  for (const [i, record] of records.entries()) {
    const numero = numeros[i] as bigint;
    const here = imported.get(numero);
    const fault = columns.map(column => valueFault(record.get(column.name) ?? null, column)).find(Boolean);
    if (own.has(numero)) landing.known++;
    else if (fault) landing.faults.push({ numero, reason: fault });
    else if (here !== undefined)
      landing[(await update(connection, table, columns, record, here)) ? 'updated' : 'known']++;
    else {
      const refused = await insert(connection, table, columns, record);
      if (refused) landing.faults.push({ numero, reason: refused });
      else landing.landed++;
    }
  }
  return landing;
}

/** Throws `column-missing`: without its Numero a record could not be told from another. */
function numeroOf(record: FormRecord): bigint {
  const numero = record.get(numeroColumn);
  if (typeof numero === 'number' || typeof numero === 'bigint') return BigInt(numero);
  throw new XmError('column-missing', { column: numeroColumn });
}

/** What lands of a record, Numero and Status apart. Throws `column-unknown`. */
function columnsOf(record: FormRecord, table: FormTable): Column[] {
  const names = [...record.keys()].filter(name => name !== numeroColumn && name !== statusColumn);
  return names.map(name => {
    const column = table.columns.find(one => one.name === name);
    if (!column) throw new XmError('column-unknown', { column: name });
    return column;
  });
}

async function ownRecords(
  connection: Queryable,
  table: string,
  numeros: readonly bigint[],
): Promise<ReadonlySet<bigint>> {
  const rows = await connection.query<{ server_numero: bigint }>(
    `select server_numero from xms.kept
      where outcome = 'filed' and table_name = $1 and server_numero = any($2::bigint[])`,
    [table, numeros],
  );
  return new Set(rows.map(({ server_numero }) => server_numero));
}

/** By the centre's Numero, ours; what the office has deleted since is forgotten, and lands anew. */
async function importedRecords(
  connection: Queryable,
  table: string,
  numeros: readonly bigint[],
): Promise<ReadonlyMap<bigint, bigint>> {
  await connection.query(
    `delete from xms.imported i where table_name = $1 and server_numero = any($2::bigint[])
        and not exists (select from ${qualified(table)} r where r.${quoted(numeroColumn)} = i.numero)`,
    [table, numeros],
  );
  const rows = await connection.query<{ server_numero: bigint; numero: bigint }>(
    'select server_numero, numero from xms.imported where table_name = $1 and server_numero = any($2::bigint[])',
    [table, numeros],
  );
  return new Map(rows.map(({ server_numero, numero }) => [server_numero, numero]));
}

/** What the table does not take is refused by itself: the others land. */
async function insert(
  connection: Queryable,
  table: FormTable,
  columns: readonly Column[],
  record: FormRecord,
): Promise<Reason | undefined> {
  const names = [statusColumn, ...columns.map(({ name }) => name)].map(quoted);
  const values = [statusOf(record), ...columns.map(({ name }) => toParameter(record.get(name) ?? null))];
  await connection.query('savepoint record');
  try {
    await connection.query(
      `with landed as (
         insert into ${qualified(table.name)} (${names.join(',')})
         values (${values.map((_, i) => `$${i + 3}`).join(',')}) returning ${quoted(numeroColumn)})
       insert into xms.imported (table_name, server_numero, numero)
       select $1, $2, ${quoted(numeroColumn)} from landed`,
      [table.name, numeroOf(record), ...values],
    );
    await connection.query('release savepoint record');
    return undefined;
  } catch (error) {
    if (!isLastingFault(error)) throw error;
    await connection.query('rollback to savepoint record');
    return { code: 'record-constraint', params: { constraint: nameOf(error) } };
  }
}

/** False: it is as it came. */
async function update(
  connection: Queryable,
  table: FormTable,
  columns: readonly Column[],
  record: FormRecord,
  numero: bigint,
): Promise<boolean> {
  const values = [statusOf(record), ...columns.map(({ name }) => toParameter(record.get(name) ?? null))];
  const cells = [
    { name: quoted(statusColumn), value: '$2::smallint' },
    ...columns.map(({ name, type }, i) => ({ name: quoted(name), value: `$${i + 3}::${type}` })),
  ];
  // As text: json has no equality.
  const differs = cells.map(({ name, value }) => `${name}::text is distinct from (${value})::text`);
  const rows = await connection.query(
    `update ${qualified(table.name)} set ${cells.map(({ name, value }) => `${name} = ${value}`).join(', ')}
      where ${quoted(numeroColumn)} = $1 and (${differs.join(' or ')}) returning 1`,
    [numero, ...values],
  );
  return rows.length > 0;
}

/** Imported (guide §6.4, table 5), unless the centre has cancelled it. */
function statusOf(record: FormRecord): RecordStatus {
  return Number(record.get(statusColumn) ?? RecordStatus.imported) === RecordStatus.cancelled
    ? RecordStatus.cancelled
    : RecordStatus.imported;
}

function nameOf({ constraint, column, message }: DatabaseError): string {
  return constraint ?? column ?? message;
}
