/** The journal of acts, as it is read. Writing and checking it: operator.ts. */
import type { JournalQuery, JournalRow } from '../../core/administration/ports.ts';
import type { Queryable } from '../database.ts';
import { storableText } from '../storable.ts';

/** The newest first, on whichever side of a row. */
export async function journalPage(
  database: Queryable,
  { act, operator, search = '', before, after, limit }: JournalQuery,
): Promise<JournalRow[]> {
  const parameters: unknown[] = [limit];
  // Put together by the filter, so that each form has its index.
  const conditions = ['true'];
  if (before !== undefined) conditions.push(`id < $${parameters.push(before)}`);
  if (after !== undefined) conditions.push(`id > $${parameters.push(after)}`);
  if (act !== undefined) conditions.push(`act = $${parameters.push(act)}`);
  if (operator !== undefined) conditions.push(`operator = $${parameters.push(operator)}`);
  if (search !== '') {
    const beginning = parameters.push(storableText(search));
    conditions.push(
      `(starts_with(act, lower($${beginning})) or starts_with(lower(operator), lower($${beginning})))`,
    );
  }
  const rows = await database.query<{
    id: bigint;
    at: number;
    operator: string | null;
    act: string;
    detail: Record<string, unknown>;
  }>(
    `select id, (extract(epoch from at) * 1000)::float8 as at, operator, act, detail from journal
      where ${conditions.join(' and ')} order by id ${after === undefined ? 'desc' : 'asc'} limit $1`,
    parameters,
  );
  if (after !== undefined) rows.reverse();
  return rows.map(row => ({
    id: Number(row.id),
    at: row.at,
    ...(row.operator === null ? {} : { operator: row.operator }),
    act: row.act,
    detail: row.detail,
  }));
}
