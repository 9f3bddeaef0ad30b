/** Messages of operators to clients, which wait for the engine. */
import type { OutgoingMessage, QueuedMessage } from '../../core/administration/ports.ts';
import type { Queryable } from '../database.ts';

export async function queueMessage(
  database: Queryable,
  { client, subject, text, createdBy, reference }: OutgoingMessage,
): Promise<QueuedMessage> {
  const [made] = await database.query<{ id: bigint }>(
    `insert into outgoing_message (client, subject, text, created_by, reference) values ($1, $2, $3, $4, $5)
     on conflict (reference) where reference is not null do nothing returning id`,
    [client, subject, text, createdBy, reference ?? null],
  );
  return made
    ? { id: Number(made.id), client, subject, text, repeated: false }
    : queuedBefore(database, reference ?? '');
}

async function queuedBefore(database: Queryable, reference: string): Promise<QueuedMessage> {
  const [row] = await database.query<{ id: bigint; client: number; subject: string; text: string }>(
    'select id, client, subject, text from outgoing_message where reference = $1',
    [reference],
  );
  if (!row) throw new Error(`message ${reference} is neither new nor there`);
  return { ...row, id: Number(row.id), repeated: true };
}
