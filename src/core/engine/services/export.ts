/** EXPORT: a client's record is to be filed (guide §6.2). */
import type { ExportMessage } from '../../message.ts';
import type { Arrival, ClientAccess } from '../../ports.ts';
import { type FormTable, RecordStatus, statusColumn } from '../../record.ts';
import { faultOf } from '../../record-rules.ts';

export function judgeExport(
  message: ExportMessage,
  client: ClientAccess,
  tables: ReadonlyMap<string, FormTable>,
): Arrival['verdict'] {
  const table = tables.get(message.table);
  // A table that is not granted and one that does not exist look alike to those who have no business with either.
  if (!client.writes.has(message.table)) {
    return { refuse: { code: 'table-denied', params: { table: message.table.slice(0, 63) } } };
  }
  if (!table) return { refuse: { code: 'table-unknown', params: { table: message.table } } };
  const fault = faultOf(message.record, table);
  if (fault) return { refuse: fault };
  const status = message.record.get(statusColumn);
  if (status !== RecordStatus.imported) {
    return { refuse: { code: 'record-status', params: { status: String(status) } } };
  }
  return { file: { table, record: message.record } };
}
