/** EXPORT: a client's records are to be filed (guide §6.2), each judged by itself. */
import { accessFault } from '../../access.ts';
import type { ExportMessage } from '../../message.ts';
import type { Arrival, ClientAccess, JudgedRecord, Reason } from '../../ports.ts';
import { type FormRecord, type FormTable, numeroColumn, RecordStatus, statusColumn } from '../../record.ts';
import { faultOf } from '../../record-rules.ts';

export function judgeExport(
  message: ExportMessage,
  client: ClientAccess,
  tables: ReadonlyMap<string, FormTable>,
): Exclude<Arrival['verdict'], { readonly ask: unknown }> {
  const denied = accessFault('EXPORT', client, message.table);
  if (denied) return { refuse: denied };
  const table = tables.get(message.table);
  if (!table) return { refuse: { code: 'table-unknown', params: { table: message.table } } };
  const count = message.records.length;
  if (count > 1 && !client.batch) return { refuse: { code: 'batch-denied', params: { count } } };
  return { file: { table, records: message.records.map(record => judgeRecord(record, table)) } };
}

function judgeRecord(record: FormRecord, table: FormTable): JudgedRecord {
  const fault = faultOf(record, table);
  if (fault) return { refuse: fault };
  const status = record.get(statusColumn);
  return status === RecordStatus.imported || status === RecordStatus.cancelled
    ? { record }
    : { refuse: { code: 'record-status', params: { status: String(status) } } };
}

/** What is added to an act that is filed, and alone may change on it: the margin notes of ECR's tables. */
export const marginNotes = 'MentionsMarginales';

/** What was filed of a record before. */
export interface Known {
  readonly numero: bigint;
  /** SHA-256 of each version, in hexadecimal (`contentDigest`). */
  readonly contents: ReadonlySet<string>;
  readonly isCancelled: boolean;
}

/**
 * What a record that comes is to the ones before (data.md, "Rules"): new, the same as one of them, the end of the act,
 * or a new version, which it is where nothing but its margin notes has changed.
 */
export function amendmentOf(
  record: FormRecord,
  content: string,
  known: Known | undefined,
): 'new' | 'same' | 'cancelled' | 'changed' | { readonly refuse: Reason } {
  if (record.get(statusColumn) === RecordStatus.cancelled) {
    if (!known) {
      return { refuse: { code: 'record-unknown', params: { numero: Number(record.get(numeroColumn)) } } };
    }
    return known.isCancelled ? 'same' : 'cancelled';
  }
  if (!known) return 'new';
  const numero = Number(known.numero);
  if (known.isCancelled) return { refuse: { code: 'record-cancelled', params: { numero } } };
  if (known.contents.has(content)) return 'same';
  return record.has(marginNotes)
    ? 'changed'
    : { refuse: { code: 'record-already-filed', params: { numero } } };
}
