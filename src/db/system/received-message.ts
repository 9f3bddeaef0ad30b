/** What clients wrote to the people of the centre. */
import type { MessageId } from '../../core/message.ts';
import type { Queryable } from '../database.ts';
import { storableText } from '../storable.ts';

/** The same message again does nothing. */
export async function receiveMessage(
  database: Queryable,
  client: number,
  messageId: MessageId,
  subject: string,
  text: string,
): Promise<void> {
  await database.query(
    `insert into received_message (client, message_id, subject, text) values ($1, $2, $3, $4)
     on conflict (client, message_id) do nothing`,
    [client, messageId, storableText(subject), storableText(text)],
  );
}
