/** CERTIFY: is the paper that somebody holds in his hands genuine? */

import { XmError } from '../../errors.ts';
import { folded } from '../../folded.ts';
import type { CertifyAnswer, CertifyMessage } from '../../message.ts';
import type { Reason } from '../../ports.ts';
import {
  type Column,
  type FormRecord,
  type FormTable,
  numeroColumn,
  RecordStatus,
  statusColumn,
  type Value,
} from '../../record.ts';
import { shortened, valueFault } from '../../record-rules.ts';
import type { Library } from '../../service-ports.ts';
import type { Reply } from './reply.ts';

/** How the records are found that a paper may be of: by its number, or by a name (folded) and a date. */
export type Search =
  | { readonly kind: 'number'; readonly column: Column; readonly value: Value }
  | {
      readonly kind: 'name';
      readonly name: Column;
      readonly folded: string;
      readonly date: Column;
      readonly value: Value;
    };

/** Throws what is wrong with the question. */
export async function answerCertify(
  { id, table: name, paper }: CertifyMessage,
  tables: ReadonlyMap<string, FormTable>,
  library: Pick<Library, 'find'>,
): Promise<Reply> {
  const table = tables.get(name);
  if (!table) throw new XmError('table-unknown', { table: name });
  const search = searchOf(paper, table);
  if (!search) throw new XmError('paper-incomplete');
  const records = await library.find(search, table);
  return { bodies: [{ service: 'CERTIFY-ANSWER', about: id, ...certified(paper, records) }], read: 1 };
}

/** What stands on every paper, and is not the paper's own number. */
const otherNumbers: ReadonlySet<string> = new Set([numeroColumn, 'NumeroPersonnel']);

/** Why this paper cannot be looked for; undefined: it can. */
export function paperFault(paper: FormRecord, table: FormTable): Reason | undefined {
  const columns = new Map(table.columns.map(column => [column.name, column]));
  for (const [name, value] of paper) {
    const column = columns.get(name);
    if (!column) return { code: 'column-unknown', params: { column: shortened(name) } };
    const { maxLength: _length, ...unlimited } = column;
    const fault = value === null ? undefined : valueFault(value, unlimited);
    if (fault) return fault;
  }
  return searchOf(paper, table) ? undefined : { code: 'paper-incomplete', params: {} };
}

/** The first number that the paper gives, in the order of the table; else its first name and its first date. */
export function searchOf(paper: FormRecord, table: FormTable): Search | undefined {
  const given = table.columns.filter(({ name }) => (paper.get(name) ?? null) !== null);
  const number = given.find(
    ({ name, kind }) => /^Numero./.test(name) && !otherNumbers.has(name) && searched(kind),
  );
  if (number) return { kind: 'number', column: number, value: trimmed(paper.get(number.name) ?? null) };
  const name = given.find(column => column.name.startsWith('Nom') && column.kind === 'text');
  const date = given.find(({ kind }) => kind === 'date');
  if (!name || !date) return undefined;
  return {
    kind: 'name',
    name,
    folded: folded(String(paper.get(name.name))),
    date,
    value: paper.get(date.name) ?? null,
  };
}

function searched(kind: Column['kind']): boolean {
  return kind === 'text' || kind === 'integer' || kind === 'decimal';
}

function trimmed(value: Value): Value {
  return typeof value === 'string' ? value.trim() : value;
}

/**
 * What is to be said of the paper after it was compared with these records: of the one that it agrees with, one that
 * is not cancelled before others, else of the one that it differs from least.
 */
export function certified(
  paper: FormRecord,
  records: readonly FormRecord[],
): Pick<CertifyAnswer, 'verdict' | 'differs' | 'numero'> {
  const compared = records.map(record => ({
    record,
    differs: differences(paper, record),
    isCancelled: Number(record.get(statusColumn)) === RecordStatus.cancelled,
  }));
  const [best] = compared.sort(
    (a, b) => a.differs.length - b.differs.length || Number(a.isCancelled) - Number(b.isCancelled),
  );
  if (!best) return { verdict: 'unknown', differs: [] };
  const numero = BigInt(best.record.get(numeroColumn) as number | bigint);
  if (best.differs.length > 0) return { verdict: 'differs', differs: best.differs, numero };
  return { verdict: best.isCancelled ? 'cancelled' : 'genuine', differs: [], numero };
}

/** Numero and Status are the database's own: no paper shows them. */
function differences(paper: FormRecord, record: FormRecord): string[] {
  return [...paper]
    .filter(([name, value]) => name !== numeroColumn && name !== statusColumn && value !== null)
    .filter(([name, value]) => comparable(value) !== comparable(record.get(name) ?? null))
    .map(([name]) => name);
}

/** Texts as a clerk compares them; other values by what they are. */
function comparable(value: Value): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'string' ? folded(value) : String(value);
}
