/** The records that a paper may be of: found by an index, by its number, or by name and date. */
import type { Search } from '../../core/engine/services/certify.ts';
import type { FormRecord, FormTable } from '../../core/record.ts';
import { type Database, quoted } from '../database.ts';
import { qualified } from '../form-tables.ts';
import { fromText, textSettings } from '../value.ts';
import { Parameters } from './condition.ts';
import { reading } from './reading.ts';

/** Offices number their papers each for itself: one number has one record in each of them. */
const candidateLimit = 1_000;

/** `role`: who may read this table and nothing else. Throws `query-too-slow`. */
export function findPapers(
  database: Database,
  search: Search,
  table: FormTable,
  role: string | undefined,
): Promise<FormRecord[]> {
  const parameters = new Parameters(table);
  const condition =
    search.kind === 'number'
      ? `${quoted(search.column.name)} = ${parameters.mark(search.column.name, search.value)}`
      : `xms.folded(${quoted(search.name.name)}) = xms.folded(${parameters.mark(search.name.name, search.folded)})
         and ${quoted(search.date.name)} = ${parameters.mark(search.date.name, search.value)}`;
  return reading(database, role, async connection => {
    await connection.query(textSettings);
    const rows = await connection.query<Record<string, string | null>>(
      `select ${table.columns.map(({ name }, i) => `${quoted(name)}::text as c${i}`).join(', ')}
         from ${qualified(table.name)} where ${condition} limit ${candidateLimit}`,
      parameters.values,
    );
    return rows.map(
      row => new Map(table.columns.map(({ name, kind }, i) => [name, fromText(kind, row[`c${i}`] ?? null)])),
    );
  });
}
