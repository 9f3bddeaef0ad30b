/**
 * A restricted query, run: one SELECT made here, its values as parameters. Pages follow the order of the query, which
 * ends by Numero: whatever a page holds, the next one begins after its last record.
 */
import { XmError } from '../../core/errors.ts';
import type { FullQuery } from '../../core/query-rules.ts';
import { type FormRecord, type FormTable, numeroColumn } from '../../core/record.ts';
import type { Page } from '../../core/service-ports.ts';
import { type Database, type Queryable, quoted } from '../database.ts';
import { qualified } from '../form-tables.ts';
import { fromText, textSettings } from '../value.ts';
import { conditionText, Parameters } from './condition.ts';
import { keysetText } from './keyset.ts';
import { longestReadMs, reading, tooSlow } from './reading.ts';

/** Of a page; bytes of its values as text. */
const pageLimits = { records: 1_000, bytes: 4 << 20 } as const;
/** Records fetched at once: where they are large, the page ends soon. */
const fetchLimit = 250;

/**
 * `most`: records, where fewer than a page are wanted. `role`: who may read this table and nothing else. Throws
 * `query-too-slow`, `query-denied`, `query-syntax`.
 */
export function selectPage(
  database: Database,
  query: FullQuery,
  table: FormTable,
  { after, most }: { readonly after: string | undefined; readonly most: number },
  role: string | undefined,
): Promise<Page> {
  const place = placeOf(after);
  const room = Math.min(
    pageLimits.records,
    most,
    (query.limit ?? Number.POSITIVE_INFINITY) - place.delivered,
  );
  if (room <= 0) return Promise.resolve({ records: [] });
  return reading(database, role, async connection => {
    await connection.query(textSettings);
    // One more than the page holds tells whether there is another.
    await openCursor(connection, query, table, place.numero, room + 1);
    const { rows, isLast } = await fetchRows(connection, room);
    const records = rows.map(row => recordOf(row, query, table));
    const delivered = place.delivered + records.length;
    return isLast || delivered === query.limit
      ? { records }
      : { records, next: `${rows.at(-1)?.numero}:${delivered}` };
  });
}

interface Place {
  /** Of the last record of the page before; undefined: this is the first. */
  readonly numero?: string;
  /** Records of the pages before. */
  readonly delivered: number;
}

/** From `<Numero>:<records so far>`. */
function placeOf(after: string | undefined): Place {
  if (after === undefined) return { delivered: 0 };
  const [, numero, delivered] = /^(-?\d{1,18}):(\d{1,12})$/.exec(after) ?? [];
  if (numero === undefined) throw new XmError('query-denied', { what: after.slice(0, 40) });
  return { numero, delivered: Number(delivered) };
}

type TextRow = Record<string, string | null>;

async function openCursor(
  connection: Queryable,
  query: FullQuery,
  table: FormTable,
  after: string | undefined,
  limit: number,
): Promise<void> {
  const parameters = new Parameters(table);
  const conditions = [conditionText(query.where, parameters)];
  if (after !== undefined) {
    conditions.push(await keysetText(connection, table.name, query.order, parameters, after));
  }
  const columns = query.columns.map((name, i) => `${quoted(name)}::text as c${i}`);
  const order = query.order.map(({ column, descending }) => `${quoted(column)}${descending ? ' desc' : ''}`);
  await connection.query(
    `declare page no scroll cursor for
     select ${[...columns, `${quoted(numeroColumn)}::text as numero`].join(', ')} from ${qualified(table.name)}
      where ${conditions.map(text => `(${text})`).join(' and ')}
      order by ${order.join(', ')} limit ${limit}`,
    parameters.values,
  );
}

/** Up to `room` rows; one at least, where there is one, whatever its size. */
async function fetchRows(
  connection: Queryable,
  room: number,
): Promise<{ readonly rows: TextRow[]; readonly isLast: boolean }> {
  const rows: TextRow[] = [];
  const startedAt = performance.now();
  for (let bytes = 0; ; ) {
    const fetched = await connection.query<TextRow>(`fetch ${fetchLimit} from page`);
    for (const row of fetched) {
      if (rows.length === room || bytes > pageLimits.bytes) return { rows, isLast: false };
      rows.push(row);
      for (const text of Object.values(row)) bytes += text?.length ?? 0;
    }
    if (fetched.length < fetchLimit) return { rows, isLast: true };
    if (performance.now() - startedAt > longestReadMs) throw tooSlow();
  }
}

function recordOf(row: TextRow, { columns }: FullQuery, table: FormTable): FormRecord {
  return new Map(
    columns.map((name, i) => {
      const kind = table.columns.find(column => column.name === name)?.kind ?? 'text';
      return [name, fromText(kind, row[`c${i}`] ?? null)];
    }),
  );
}
