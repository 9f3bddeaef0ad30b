/** The records themselves, into their form tables. */
import type { Reason } from '../../core/ports.ts';
import { numeroColumn, RecordStatus, statusColumn } from '../../core/record.ts';
import { isDataFault, type Queryable, quoted, valuesList } from '../database.ts';
import { toParameter } from '../value.ts';
import type { Candidate } from './candidate.ts';

export interface Filed {
  readonly candidate: Candidate;
  /** The Numero in the server's table. */
  readonly numero: bigint;
}

export interface Refused {
  readonly candidate: Candidate;
  readonly reason: Reason;
}

/** Parameters that one statement may carry (the protocol counts them in 16 bits). */
const parameterLimit = 60_000;

/** Inserts the records with Numeros of their own; a row that its table refuses is refused alone. */
export async function insertRecords(
  connection: Queryable,
  candidates: readonly Candidate[],
): Promise<{ readonly filed: Filed[]; readonly refused: Refused[] }> {
  const filed: Filed[] = [];
  const refused: Refused[] = [];
  for (const [table, rows] of Map.groupBy(candidates, ({ table }) => table)) {
    const numbered = await number(connection, table, rows);
    const width = columnsOf(rows[0] as Candidate).length;
    const limit = Math.max(1, Math.floor(parameterLimit / width));
    for (let i = 0; i < numbered.length; i += limit) {
      const part = numbered.slice(i, i + limit);
      const fault = await attempt(connection, part);
      if (!fault) filed.push(...part);
      else if (part.length === 1) refused.push({ candidate: (part[0] as Filed).candidate, reason: fault });
      else {
        for (const one of part) {
          const reason = await attempt(connection, [one]);
          if (reason) refused.push({ candidate: one.candidate, reason });
          else filed.push(one);
        }
      }
    }
  }
  return { filed, refused };
}

/** Numeros from the table's own sequence, taken beforehand so that each record's is known. A refusal leaves a gap. */
async function number(
  connection: Queryable,
  table: string,
  candidates: readonly Candidate[],
): Promise<Filed[]> {
  const numbers = await connection.query<{ numero: bigint }>(
    'select nextval(pg_get_serial_sequence($1, $2)) as numero from generate_series(1, $3)',
    [quoted(table), numeroColumn, candidates.length],
  );
  return candidates.map((candidate, i) => ({ candidate, numero: (numbers[i] as { numero: bigint }).numero }));
}

async function attempt(connection: Queryable, rows: readonly Filed[]): Promise<Reason | undefined> {
  const first = rows[0] as Filed;
  const columns = columnsOf(first.candidate);
  const { text, parameters } = valuesList(rows.map(row => columns.map(column => parameterOf(row, column))));
  await connection.query('savepoint records');
  try {
    await connection.query(
      `insert into ${quoted(first.candidate.table)} (${columns.map(quoted).join(',')})
       overriding system value values ${text}`,
      parameters,
    );
    await connection.query('release savepoint records');
    return undefined;
  } catch (error) {
    if (!isDataFault(error)) throw error;
    await connection.query('rollback to savepoint records');
    return reasonOf(error);
  }
}

/** The table's columns, in its order: every record of the table has just these (record-rules.ts). */
function columnsOf({ arrival: { verdict } }: Candidate): string[] {
  return 'file' in verdict ? verdict.file.table.columns.map(({ name }) => name) : [];
}

function parameterOf({ candidate: { arrival }, numero }: Filed, column: string): unknown {
  if (column === numeroColumn) return numero;
  // "The server files what it receives with Status 2": imported, it can no longer be changed.
  if (column === statusColumn) return RecordStatus.imported;
  return 'file' in arrival.verdict ? toParameter(arrival.verdict.file.record.get(column) ?? null) : null;
}

function reasonOf(error: {
  code?: string | undefined;
  column?: string | undefined;
  constraint?: string | undefined;
  message: string;
}): Reason {
  const column = error.column;
  if (error.code === '23502' && column) return { code: 'value-null', params: { column } };
  return { code: 'record-constraint', params: { constraint: error.constraint ?? error.message } };
}
