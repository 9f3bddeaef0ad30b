/** IMPORT: a client collects records of the centre (guide §6.3). */
import { accessFault } from '../../access.ts';
import { XmError } from '../../errors.ts';
import type { ImportMessage, RowsMessage } from '../../message.ts';
import type { ClientAccess } from '../../ports.ts';
import { fullQuery, queryFault } from '../../query-rules.ts';
import type { FormRecord, FormTable } from '../../record.ts';
import type { Library } from '../../service-ports.ts';
import type { Reply } from './reply.ts';

/** Records in one SDC of an answer, where several may be, and their bytes before they are deflated. */
const partLimits = { records: 250, bytes: 48_000 } as const;

/** `most`: the records that the client can pay. Throws what is wrong with the question. */
export async function answerImport(
  message: ImportMessage,
  client: ClientAccess,
  tables: ReadonlyMap<string, FormTable>,
  library: Library,
  most: number,
): Promise<Reply> {
  // A text is read as if there were no other tables: its faults would tell what is in them.
  const readable = new Map([...tables].filter(([name]) => client.reads.has(name)));
  const query =
    typeof message.query === 'string' ? await library.read(message.query, readable) : message.query;
  const table = tables.get(query.table);
  const denied = accessFault('IMPORT', client, query.table);
  if (denied) throw new XmError(denied.code, denied.params);
  if (!table) throw new XmError('table-unknown', { table: query.table });
  const fault = queryFault(query, table);
  if (fault) throw new XmError(fault.code, fault.params);
  const { records, next } = await library.select(fullQuery(query, table), table, message.after, most);
  const parts = partsOf(records, client.batch);
  return {
    bodies: parts.map(
      (part, i): Omit<RowsMessage, 'id' | 'recipient' | 'at'> => ({
        service: 'ROWS',
        about: message.id,
        table: table.name,
        part: i,
        records: part,
        isLast: i === parts.length - 1,
        ...(next !== undefined && i === parts.length - 1 ? { next } : {}),
      }),
    ),
    ...(records.length === 0 ? {} : { read: records.length }),
  };
}

/** "Un SDC contient 1 enregistrement" (guide §6.1), unless the client's profile says otherwise. One at least. */
function partsOf(records: readonly FormRecord[], batch: boolean): readonly FormRecord[][] {
  if (records.length === 0) return [[]];
  if (!batch) return records.map(record => [record]);
  const parts: FormRecord[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of records) {
    const size = sizeOf(record);
    const last = parts.at(-1);
    if (!last || last.length >= partLimits.records || bytes + size > partLimits.bytes) {
      parts.push([record]);
      bytes = size;
    } else {
      last.push(record);
      bytes += size;
    }
  }
  return parts;
}

/** At least as many bytes as its values have in CBOR. */
function sizeOf(record: FormRecord): number {
  let bytes = 0;
  for (const value of record.values()) {
    bytes += 9;
    if (typeof value === 'string') bytes += Buffer.byteLength(value);
    else if (value instanceof Uint8Array) bytes += value.length;
  }
  return bytes;
}
