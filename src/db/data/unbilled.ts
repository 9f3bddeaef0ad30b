/** Filed or answered, and not charged yet. */
import type { Service } from '../../core/message.ts';
import type { Arrival, Charge } from '../../core/ports.ts';
import { arrayOf } from '../array.ts';
import type { Queryable } from '../database.ts';
import { type Columns, insertRows } from './insert.ts';
import type { Filed } from './record.ts';

const unbilledColumns: Columns = [
  ['client', 'int'],
  ['message_id', 'bytea'],
  ['index', 'smallint'],
  ['service', 'text'],
  ['size', 'int'],
];

/** Each record that is filed, with its share of the SDC: the shares of all records of a message make up its bytes. */
export async function writeUnbilled(
  connection: Queryable,
  filed: readonly Filed[],
  arrivals: readonly Arrival[],
): Promise<void> {
  await insertRows(
    connection,
    'xms.unbilled',
    unbilledColumns,
    filed.map(({ candidate: { client, messageId, index, place, opened } }) => [
      client,
      messageId,
      index,
      opened.message.service,
      shareOf(arrivals[place] as Arrival, index),
    ]),
  );
}

function shareOf({ sdc, verdict }: Arrival, index: number): number {
  const count = 'file' in verdict ? verdict.file.records.length : 1;
  const before = (records: number) => Math.floor((sdc.length * records) / count);
  return before(index + 1) - before(index);
}

interface UnbilledRow extends Record<string, unknown> {
  readonly client: number;
  readonly message_id: Buffer;
  readonly index: number;
  readonly service: Service;
  readonly records: number;
  readonly size: number;
}

export async function readUnbilled(database: Queryable, limit: number): Promise<Charge[]> {
  const rows = await database.query<UnbilledRow>(
    // In the order of the key: through the index, and two engines that delete the same do it in the same order.
    `select client, message_id, index, service, records, size from xms.unbilled
      order by client, message_id, index limit $1`,
    [limit],
  );
  return rows.map(({ client, message_id, index, service, records, size }) => ({
    client,
    messageId: message_id,
    index,
    service,
    records,
    bytes: size,
  }));
}

export async function markBilled(database: Queryable, charges: readonly Charge[]): Promise<void> {
  await database.query(
    `delete from xms.unbilled u using unnest($1::int[], $2::bytea[], $3::int[]) k (client, message_id, index)
      where u.client = k.client and u.message_id = k.message_id and u.index = k.index`,
    [
      arrayOf(charges.map(({ client }) => client)),
      arrayOf(charges.map(({ messageId }) => messageId)),
      arrayOf(charges.map(({ index }) => index)),
    ],
  );
}
