/** MESSAGE: a few lines of a client to the people of the centre. */
import { isPrintable } from '../../administration/field.ts';
import { XmError } from '../../errors.ts';
import type { NoteMessage } from '../../message.ts';
import type { Affairs } from '../../service-ports.ts';
import { done, type Reply } from './reply.ts';

/** Throws `value-range` for characters that are none, beside the ends of lines and tabulators of the text. */
export async function answerNote(
  { id, subject, text }: NoteMessage,
  client: number,
  affairs: Pick<Affairs, 'receiveMessage'>,
): Promise<Reply> {
  if (!isPrintable(subject)) throw new XmError('value-range', { column: 'subject' });
  if (!isPrintable(text.replace(/[\t\r\n]/g, ' '))) throw new XmError('value-range', { column: 'text' });
  await affairs.receiveMessage(client, id, subject, text);
  return done(id);
}
