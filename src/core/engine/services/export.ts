/** EXPORT: a client's records are to be filed (guide §6.2), each judged by itself. */
import { accessFault } from '../../access.ts';
import type { ExportMessage } from '../../message.ts';
import type { Arrival, ClientAccess, JudgedRecord } from '../../ports.ts';
import { type FormRecord, type FormTable, RecordStatus, statusColumn } from '../../record.ts';
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
  return status === RecordStatus.imported
    ? { record }
    : { refuse: { code: 'record-status', params: { status: String(status) } } };
}
