/**
 * Import (guide §6.3): records of the centre into the office's own tables, page by page. What an import before has left
 * behind is taken in first: its answer came when nobody waited any more, and was paid for.
 */
import { XmError } from '../core/errors.ts';
import type { Answer, MessageId, Outcome, RowsMessage } from '../core/message.ts';
import type { Query } from '../core/query.ts';
import { queryFault } from '../core/query-rules.ts';
import { type FormTable, numeroColumn, statusColumn } from '../core/record.ts';
import type { Landing } from '../core/station-ports.ts';
import { messageIn } from '../sdc/opener.ts';
import { type AskingParts, answerTo, keepQuestion } from './asking.ts';

export type ImportEvent =
  | { readonly kind: 'sent' }
  /** Parts of this page that have come. */
  | { readonly kind: 'parts'; readonly parts: number }
  /** `next`: where the page after it begins. */
  | { readonly kind: 'landed'; readonly table: string; readonly landing: Landing; readonly next?: string };

/**
 * Resolves when all pages have landed; or with the refusal of one: what came before it stays. `place`: `next` of a page
 * that landed before, behind which it goes on. Rejects as `ask` does, and with `query-…` or `column-unknown` for what the
 * server would refuse.
 */
export async function importRecords(
  parts: AskingParts,
  query: Query,
  signal: AbortSignal,
  onEvent: (event: ImportEvent) => void,
  place?: string,
): Promise<Exclude<Outcome, { kind: 'filed' }>> {
  await landLeftBehind(parts, onEvent);
  for (let after = place; ; ) {
    const id = await keepQuestion(parts, {
      service: 'IMPORT',
      query,
      ...(after === undefined ? {} : { after }),
    });
    const answer = await answerTo(parts.store, id, signal, ({ isSent, parts: count }) => {
      if (count > 0) onEvent({ kind: 'parts', parts: count });
      else if (isSent) onEvent({ kind: 'sent' });
    });
    if ('kind' in answer) return answer.kind === 'filed' ? { kind: 'done' } : answer;
    const rows = rowsOf(answer);
    after = rows.at(-1)?.next;
    onEvent({ ...(await land(parts, id, rows)), ...(after === undefined ? {} : { next: after }) });
    if (after === undefined) return { kind: 'done' };
  }
}

/**
 * The query as it goes out: columns that this table has, Numero among them, by which each record is told from others.
 * Throws what the server would, and `value-null` where the table demands a column that is not asked for.
 */
export function importQuery(query: Query, table: FormTable): Query {
  const fault = queryFault(query, table);
  if (fault) throw new XmError(fault.code, fault.params);
  const all = table.columns.filter(({ kind }) => kind !== 'unsupported').map(({ name }) => name);
  const asked = query.columns.length > 0 ? query.columns : all;
  const columns = all.filter(name => asked.includes(name) || name === numeroColumn || name === statusColumn);
  const demanded = table.columns.find(
    ({ name, nullable, hasDefault }) => !nullable && !hasDefault && !columns.includes(name),
  );
  if (demanded) throw new XmError('value-null', { column: demanded.name });
  return { ...query, columns };
}

async function landLeftBehind(parts: AskingParts, onEvent: (event: ImportEvent) => void): Promise<void> {
  for (const id of await parts.store.untaken('IMPORT')) {
    const reply = await parts.store.replyTo(id);
    if (!reply || 'outcome' in reply) continue;
    const rows = rowsOf(reply.signed.map(signed => messageIn(signed) as Answer));
    try {
      onEvent(await land(parts, id, rows));
    } catch (error) {
      // Its table is gone, or has changed: it waits, and nothing else has to wait for it.
      if (!(error instanceof XmError && isOfTable.has(error.code))) throw error;
    }
  }
}

const isOfTable: ReadonlySet<string> = new Set(['table-unknown', 'column-unknown', 'column-missing']);

async function land(
  { store, clock }: AskingParts,
  id: MessageId,
  rows: readonly RowsMessage[],
): Promise<Extract<ImportEvent, { kind: 'landed' }>> {
  const name = rows[0]?.table ?? '';
  const table = (await store.tables()).get(name);
  if (!table) throw new XmError('table-unknown', { table: name });
  const records = rows.flatMap(row => row.records);
  return { kind: 'landed', table: name, landing: await store.land(id, table, records, clock.now()) };
}

function rowsOf(answer: readonly Answer[]): RowsMessage[] {
  return answer.filter(message => message.service === 'ROWS');
}
