/** Filed and not charged yet. */
import type { Service } from '../../core/message.ts';
import type { Charge } from '../../core/ports.ts';
import type { Queryable } from '../database.ts';

interface UnbilledRow extends Record<string, unknown> {
  readonly client: number;
  readonly message_id: Buffer;
  readonly service: Service;
  readonly size: number;
}

export async function readUnbilled(database: Queryable, limit: number): Promise<Charge[]> {
  const rows = await database.query<UnbilledRow>(
    // In the order of the key: through the index, and two engines that delete the same do it in the same order.
    'select client, message_id, service, size from xms.unbilled order by client, message_id limit $1',
    [limit],
  );
  return rows.map(({ client, message_id, service, size }) => ({
    client,
    messageId: message_id,
    service,
    bytes: size,
  }));
}

export async function markBilled(database: Queryable, charges: readonly Charge[]): Promise<void> {
  await database.query(
    `delete from xms.unbilled u using unnest($1::int[], $2::bytea[]) k (client, message_id)
      where u.client = k.client and u.message_id = k.message_id`,
    [charges.map(({ client }) => client), charges.map(({ messageId }) => messageId)],
  );
}
