/** MESSAGE: a few lines of a client to the people of the centre. */
import type { NoteMessage } from '../../message.ts';
import type { Affairs } from '../../service-ports.ts';
import { done, type Reply } from './reply.ts';

export async function answerNote(
  { id, subject, text }: NoteMessage,
  client: number,
  affairs: Pick<Affairs, 'receiveMessage'>,
): Promise<Reply> {
  await affairs.receiveMessage(client, id, subject, text);
  return done(id);
}
