/** The records themselves, into their form tables. */
import type { Reason } from '../../core/ports.ts';
import {
  type Column,
  type FormRecord,
  type FormTable,
  numeroColumn,
  RecordStatus,
  statusColumn,
} from '../../core/record.ts';
import { type DatabaseError, isLastingFault, type Queryable, quoted } from '../database.ts';
import { qualified } from '../form-tables.ts';
import { toText } from '../value.ts';
import type { Candidate } from './candidate.ts';
import { advanceNumeros, takeNumeros } from './numero.ts';

export interface Filed {
  readonly candidate: Candidate;
  /** The Numero in the server's table. */
  readonly numero: bigint;
  /** What it did to a record that was there; absent: it is new, or the same again. */
  readonly act?: 'changed' | 'cancelled';
}

interface Refused {
  readonly candidate: Candidate;
  readonly reason: Reason;
}

interface Inserted {
  readonly filed: Filed[];
  readonly refused: Refused[];
}

/** Of one statement: its JSON stays far below what PostgreSQL takes for one value. */
const rowLimit = 1_000;

/** Inserts the records with Numeros of their own; a row that its table refuses is refused alone. */
export async function insertRecords(
  connection: Queryable,
  candidates: readonly Candidate[],
): Promise<Inserted> {
  const inserted: Inserted = { filed: [], refused: [] };
  for (const rows of Map.groupBy(candidates, ({ table }) => table.name).values()) {
    const { table } = rows[0] as Candidate;
    for (let i = 0; i < rows.length; i += rowLimit) {
      const part = rows.slice(i, i + rowLimit);
      const numbered = await guarded(connection, () => number(connection, table, part));
      if (!(numbered instanceof Error)) await insertHalves(connection, table, numbered, inserted);
      else inserted.refused.push(...part.map(candidate => ({ candidate, reason: internalFault(numbered) })));
    }
  }
  return inserted;
}

/** Numeros from the table's own sequence, taken beforehand so that each record's is known. A refusal leaves a gap. */
async function number(
  connection: Queryable,
  table: FormTable,
  candidates: readonly Candidate[],
): Promise<Numbered[]> {
  const numeros = await takeNumeros(connection, table.name, candidates.length);
  return candidates.map((candidate, i) => ({ candidate, numero: numeros[i] ?? null }));
}

export interface Numbered {
  readonly candidate: Candidate;
  readonly numero: bigint | null;
}

/** All in one statement; where the table refuses it, each half by itself, so that one bad row costs few statements. */
async function insertHalves(
  connection: Queryable,
  table: FormTable,
  rows: readonly Numbered[],
  inserted: Inserted,
): Promise<void> {
  const fault = await attempt(connection, table, rows);
  const candidates = rows.map(({ candidate }) => candidate);
  if (fault === undefined) {
    inserted.filed.push(...rows.filter(isFiled));
  } else if (fault === 'numeros') {
    await insertHalves(connection, table, await number(connection, table, candidates), inserted);
  } else if (rows.length === 1) {
    inserted.refused.push({ candidate: candidates[0] as Candidate, reason: fault });
  } else {
    const middle = rows.length >> 1;
    await insertHalves(connection, table, rows.slice(0, middle), inserted);
    await insertHalves(connection, table, rows.slice(middle), inserted);
  }
}

function isFiled(row: Numbered): row is Filed {
  return row.numero !== null;
}

/** Why the table did not take these rows, or that their Numeros were taken; undefined: it has them. */
async function attempt(
  connection: Queryable,
  table: FormTable,
  rows: readonly Numbered[],
): Promise<Reason | 'numeros' | undefined> {
  const result = await guarded(connection, () => insert(connection, table, rows));
  if (!(result instanceof Error)) return undefined;
  if (result instanceof Unnumbered) {
    return { code: 'record-constraint', params: { constraint: numeroColumn } };
  }
  return result.code === uniqueViolation && (await advanceNumeros(connection, table.name))
    ? 'numeros'
    : reasonOf(result);
}

/** Undoes what `work` did where it cannot succeed, and returns why, so that the transaction goes on; throws what passes. */
export async function guarded<T>(
  connection: Queryable,
  work: () => Promise<T>,
): Promise<T | Unnumbered | DatabaseError> {
  try {
    const [, result] = await Promise.all([connection.query('savepoint records'), work()]);
    await connection.query('release savepoint records');
    return result;
  } catch (error) {
    if (!(error instanceof Unnumbered) && !isLastingFault(error)) throw error;
    await connection.query('rollback to savepoint records');
    return error;
  }
}

/** A trigger swallowed a row or numbered it itself, or nothing numbers them: no receipt could say where it is. */
export class Unnumbered extends Error {}

const uniqueViolation = '23505';

/**
 * As one JSON array, of which PostgreSQL makes each value by the column's own type: a VALUES list of thousands of
 * parameters took longer to be parsed and planned than all of its rows to be written.
 */
async function insert(
  connection: Queryable,
  { name, columns }: FormTable,
  rows: readonly Numbered[],
): Promise<void> {
  // The table's columns, in its order: every record of the table has just these (record-rules.ts).
  const names = columns.map(column => quoted(column.name));
  // JSON goes through text: as a field of JSON, its null would become NULL.
  const types = columns.map(({ kind, type }, i) => `${names[i]} ${kind === 'json' ? 'text' : type}`);
  const values = columns.map(({ kind, type }, i) => (kind === 'json' ? `${names[i]}::${type}` : names[i]));
  const written = await connection.query<{ numero: number | bigint | null }>(
    `insert into ${qualified(name)} (${names.join()}) overriding system value
     select ${values.join()} from json_to_recordset($1::json) as record (${types.join()})
     returning ${quoted(numeroColumn)} as numero`,
    [`[${rows.map(jsonOf(columns)).join()}]`],
  );
  const numeros = new Set(written.flatMap(({ numero }) => (numero === null ? [] : [BigInt(numero)])));
  if (!rows.every(({ numero }) => numero !== null && numeros.has(numero))) throw new Unnumbered();
}

/** Of a table's columns, what writes a row: every value as PostgreSQL reads it from text; no field is NULL. */
export function jsonOf(columns: readonly Column[]): (row: Numbered) => string {
  const labels = columns.map(({ name }) => ({ name, label: `${JSON.stringify(name)}:` }));
  return ({ candidate: { record }, numero }) => {
    let fields = '';
    for (const { name, label } of labels) {
      const text = name === numeroColumn ? numero?.toString() : textOf(record, name);
      if (text !== undefined) fields += `${fields === '' ? '' : ','}${label}${JSON.stringify(text)}`;
    }
    return `{${fields}}`;
  };
}

function textOf(record: FormRecord, column: string): string | undefined {
  // "The server files what it receives with Status 2": imported, it can no longer be changed.
  if (column === statusColumn) return String(RecordStatus.imported);
  const value = record.get(column) ?? null;
  return value === null ? undefined : toText(value);
}

/** SQLSTATE classes that speak of the record: data, constraints, views, limits, and what a trigger raises. */
const recordStates = /^(22|23|44|54|P0)/;

export function reasonOf(fault: DatabaseError): Reason {
  const { code = '', column, constraint, message } = fault;
  if (code === '23502' && column) return { code: 'value-null', params: { column } };
  return recordStates.test(code)
    ? { code: 'record-constraint', params: { constraint: constraint ?? message } }
    : internalFault(fault);
}

/** The table has changed, or its rights: of no concern to the sender, and none of the other messages' either. */
function internalFault({ message }: Error): Reason {
  return { code: 'internal-fault', params: { detail: message } };
}
