/** Messages of operators to clients, which wait for the engine. */
import type { OutgoingMessage } from '../../core/administration/ports.ts';
import type { Queryable } from '../database.ts';

export async function queueMessage(
  database: Queryable,
  { client, subject, text, createdBy }: OutgoingMessage,
): Promise<number> {
  const [row] = await database.query<{ id: bigint }>(
    'insert into outgoing_message (client, subject, text, created_by) values ($1, $2, $3, $4) returning id',
    [client, subject, text, createdBy],
  );
  return Number(row?.id);
}
