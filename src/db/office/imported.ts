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
import { type DatabaseError, isLastingFault, type Queryable, quoted, valuesList } from '../database.ts';
import { qualified } from '../form-tables.ts';
import { textSettings, toText } from '../value.ts';

/** Rows of one statement; their values are its parameters, of which the protocol counts 65 535. */
const mostRows = 250;
const mostParameters = 60_000;

/** In a transaction. What came before is brought up to date; what this office has filed itself stays as it is. */
export async function landRecords(
  connection: Queryable,
  table: FormTable,
  records: readonly FormRecord[],
): Promise<Landing> {
  const [first] = records;
  if (!first) return { landed: 0, updated: 0, known: 0, faults: [] };
  await connection.query(textSettings);
  const columns = columnsOf(first, table);
  const all = new Map(records.map(record => [numeroOf(record), record]));
  const faults = [...all].flatMap(([numero, record]) => {
    const reason = columns.map(column => valueFault(record.get(column.name) ?? null, column)).find(Boolean);
    return reason ? [{ numero, reason }] : [];
  });
  for (const { numero } of faults) all.delete(numero);
  const own = await ownRecords(connection, table.name, [...all.keys()]);
  const here = await importedRecords(connection, table.name, [...all.keys()]);
  const fresh = [...all].filter(([numero]) => !own.has(numero) && !here.has(numero));
  const again = [...all].flatMap(([numero, record]) => {
    const ours = own.has(numero) ? undefined : here.get(numero);
    return ours === undefined ? [] : [{ ours, record }];
  });
  let updated = 0;
  for (const some of pages(again, columns)) updated += await update(connection, table, columns, some);
  for (const some of pages(fresh, columns)) {
    if (await insertTogether(connection, table, columns, some)) continue;
    for (const [numero, record] of some) {
      const reason = await insert(connection, table, columns, record);
      if (reason) faults.push({ numero, reason });
    }
  }
  faults.sort((a, b) => (a.numero < b.numero ? -1 : 1));
  const refused = new Set(faults.map(({ numero }) => numero));
  const landed = fresh.filter(([numero]) => !refused.has(numero)).length;
  return { landed, updated, known: all.size - fresh.length - updated, faults };
}

function pages<T>(all: readonly T[], columns: readonly Column[]): T[][] {
  const size = Math.max(1, Math.min(mostRows, Math.floor(mostParameters / (columns.length + 2))));
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
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

/** False: one of them at least is not taken, and none has landed; or the table draws its numbers in a way of its own. */
async function insertTogether(
  connection: Queryable,
  table: FormTable,
  columns: readonly Column[],
  records: readonly (readonly [numero: bigint, record: FormRecord])[],
): Promise<boolean> {
  const drawn = await connection.query<{ numero: bigint }>(
    `select nextval(s.name) as numero from pg_get_serial_sequence($1, $2) s (name), generate_series(1, $3::int)
      where s.name is not null`,
    [qualified(table.name), numeroColumn, records.length],
  );
  if (drawn.length < records.length) return false;
  const names = [numeroColumn, statusColumn, ...columns.map(({ name }) => name)].map(quoted);
  const rows = valuesList(records.map(([, record], i) => [drawn[i]?.numero, ...valuesOf(record, columns)]));
  const links = valuesList(records.map(([numero], i) => [table.name, numero, drawn[i]?.numero]));
  return faultIn(connection, async () => {
    await connection.query(
      `insert into ${qualified(table.name)} (${names.join(',')}) overriding system value values ${rows.text}`,
      rows.parameters,
    );
    await connection.query(
      `insert into xms.imported (table_name, server_numero, numero) values ${links.text}`,
      links.parameters,
    );
  }).then(refused => refused === undefined);
}

/** What the table does not take is refused by itself: the others land. */
function insert(
  connection: Queryable,
  table: FormTable,
  columns: readonly Column[],
  record: FormRecord,
): Promise<Reason | undefined> {
  const names = [statusColumn, ...columns.map(({ name }) => name)].map(quoted);
  const values = valuesOf(record, columns);
  return faultIn(connection, () =>
    connection.query(
      `with landed as (
         insert into ${qualified(table.name)} (${names.join(',')})
         values (${values.map((_, i) => `$${i + 3}`).join(',')}) returning ${quoted(numeroColumn)})
       insert into xms.imported (table_name, server_numero, numero)
       select $1, $2, ${quoted(numeroColumn)} from landed`,
      [table.name, numeroOf(record), ...values],
    ),
  );
}

/** Undefined: it is done; else why not, and nothing is done. */
async function faultIn(connection: Queryable, work: () => Promise<unknown>): Promise<Reason | undefined> {
  await connection.query('savepoint landing');
  try {
    await work();
    await connection.query('release savepoint landing');
    return undefined;
  } catch (error) {
    if (!isLastingFault(error)) throw error;
    await connection.query('rollback to savepoint landing');
    return { code: 'record-constraint', params: { constraint: nameOf(error) } };
  }
}

/** Returns how many are not as they came before. */
async function update(
  connection: Queryable,
  table: FormTable,
  columns: readonly Column[],
  records: readonly { readonly ours: bigint; readonly record: FormRecord }[],
): Promise<number> {
  const cells = [{ name: statusColumn, type: 'smallint' }, ...columns].map(({ name, type }, i) => ({
    name: quoted(name),
    value: `came.c${i}::${type}`,
  }));
  const { text, parameters } = valuesList(
    records.map(({ ours, record }) => [`${ours}`, ...valuesOf(record, columns)]),
  );
  // As text: json has no equality.
  const differs = cells.map(({ name, value }) => `here.${name}::text is distinct from (${value})::text`);
  const rows = await connection.query(
    `update ${qualified(table.name)} as here
        set ${cells.map(({ name, value }) => `${name} = ${value}`).join(', ')}
       from (values ${text}) as came (numero, ${cells.map((_, i) => `c${i}`).join(', ')})
      where here.${quoted(numeroColumn)} = came.numero::bigint and (${differs.join(' or ')}) returning 1`,
    parameters,
  );
  return rows.length;
}

/** As text, which PostgreSQL reads as the column's type wherever it stands. */
function valuesOf(record: FormRecord, columns: readonly Column[]): (string | null)[] {
  const texts = columns.map(({ name }) => {
    const value = record.get(name) ?? null;
    return value === null ? null : toText(value);
  });
  return [`${statusOf(record)}`, ...texts];
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
