/** Records that the office declares finished: Status 1 to 2, where their table could take them from another office. */
import type { Reason } from '../../core/ports.ts';
import { type FormRecord, type FormTable, RecordStatus } from '../../core/record.ts';
import type { Validation } from '../../core/station-ports.ts';
import type { Queryable } from '../database.ts';
import { lockRecords, setStatus } from './record.ts';

/** Of the next rows behind `after`, by Numero, in a transaction. What has a fault stays as it is. */
export async function validateRecords(
  connection: Queryable,
  table: FormTable,
  after: bigint,
  limit: number,
  faultOf: (record: FormRecord) => Reason | undefined,
): Promise<Validation> {
  const records = await lockRecords(connection, table, RecordStatus.fresh, limit, after);
  const checked = records.map(({ numero, record }) => ({ numero, reason: faultOf(record) }));
  const frozen = checked.filter(({ reason }) => !reason).map(({ numero }) => numero);
  if (frozen.length > 0) {
    const { fresh: from, imported: to } = RecordStatus;
    await setStatus(connection, table.name, frozen, { from, to });
  }
  const last = checked.at(-1)?.numero;
  return {
    frozen: frozen.length,
    faults: checked.flatMap(({ numero, reason }) => (reason ? [{ numero, reason }] : [])),
    ...(last === undefined ? {} : { last }),
  };
}
