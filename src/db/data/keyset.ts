/** Where a page begins: after the last record of the page before, in the order of the query. */
import { XmError } from '../../core/errors.ts';
import type { FullQuery } from '../../core/query-rules.ts';
import { numeroColumn } from '../../core/record.ts';
import { type Queryable, quoted } from '../database.ts';
import { qualified } from '../form-tables.ts';
import type { Parameters } from './condition.ts';

type Order = FullQuery['order'];

/** A condition that the records after number `numero` fulfil. Throws `query-denied`: there is no such record. */
export async function keysetText(
  connection: Queryable,
  table: string,
  order: Order,
  parameters: Parameters,
  numero: string,
): Promise<string> {
  const others = order.slice(0, -1);
  const [row] = await connection.query<Record<string, string | null>>(
    `select ${['1', ...others.map(({ column }, i) => `${quoted(column)}::text as c${i}`)].join(', ')}
       from ${qualified(table)} where ${quoted(numeroColumn)} = $1::bigint`,
    [numero],
  );
  if (!row) throw new XmError('query-denied', { what: numero });
  const last = order.at(-1);
  const ending = `${quoted(numeroColumn)} ${last?.descending ? '<' : '>'} ${parameters.mark(numeroColumn, numero)}`;
  return others.reduceRight((rest, { column, descending }, i) => {
    const value = row[`c${i}`] ?? null;
    const name = quoted(column);
    // NULL stands last, and first where the order descends: as PostgreSQL has it.
    if (value === null)
      return descending
        ? `${name} is not null or (${name} is null and (${rest}))`
        : `${name} is null and (${rest})`;
    const mark = parameters.mark(column, value);
    const beyond = descending ? `${name} < ${mark}` : `${name} > ${mark} or ${name} is null`;
    return `${beyond} or (${name} = ${mark} and (${rest}))`;
  }, ending);
}
