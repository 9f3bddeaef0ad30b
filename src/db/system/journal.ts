/** The journal of acts, as it is read. Writing and checking it: operator.ts. */
import type { JournalQuery, JournalRow } from '../../core/administration/ports.ts';
import type { Queryable } from '../database.ts';

/** The newest first. */
export async function journalPage(
  database: Queryable,
  { act, operator, before, limit }: JournalQuery,
): Promise<JournalRow[]> {
  const parameters: unknown[] = [before ?? Number.MAX_SAFE_INTEGER, limit];
  // Put together by the filter, so that each form has its index.
  const conditions = ['id < $1'];
  if (act !== undefined) conditions.push(`act = $${parameters.push(act)}`);
  if (operator !== undefined) conditions.push(`operator = $${parameters.push(operator)}`);
  const rows = await database.query<{
    id: bigint;
    at: number;
    operator: string | null;
    act: string;
    detail: Record<string, unknown>;
  }>(
    `select id, (extract(epoch from at) * 1000)::float8 as at, operator, act, detail from journal
      where ${conditions.join(' and ')} order by id desc limit $2`,
    parameters,
  );
  return rows.map(row => ({
    id: Number(row.id),
    at: row.at,
    ...(row.operator === null ? {} : { operator: row.operator }),
    act: row.act,
    detail: row.detail,
  }));
}
