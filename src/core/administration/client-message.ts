/** A message of an operator to a client; the engine seals and sends it. */
import { XmError } from '../errors.ts';
import type { Operator } from '../operator.ts';
import { difference, perform } from './act.ts';
import { isPrintable, lineOf, referenceOf } from './field.ts';
import type { Administration } from './ports.ts';

const subjectLimit = 120;
/** Characters: one SDC of ordinary size carries it (docs/sdc.md). */
const textLimit = 4_000;

/**
 * Queues it; returns its number. A suspended client gets messages, too: he may want to know why. Under a `reference`
 * that was decided before, it is one message, however often it is sent.
 * Throws `privilege-needed`, `client-unknown`, `subject-invalid`, `message-text-invalid`, `recorded-before`.
 */
export async function sendMessage(
  administration: Administration,
  operator: Operator,
  client: number,
  message: { readonly subject: string; readonly text: string; readonly reference?: string | undefined },
): Promise<number> {
  const subject = lineOf(message.subject, 'subject-invalid', subjectLimit, 1);
  const text = textOf(message.text);
  const reference = message.reference === undefined ? undefined : referenceOf(message.reference);
  return perform(administration, operator, 'client-message', async (records, actor) => {
    if (!(await records.lockClient(client))) throw new XmError('client-unknown', { client });
    const wanted = { client, subject, text };
    const { id, repeated, ...queued } = await records.queueMessage({
      ...wanted,
      createdBy: actor.userName,
      reference,
    });
    if (!repeated) return { result: id, detail: { client, message: id, subject, text } };
    if (difference(queued, wanted)) throw new XmError('recorded-before', { number: id });
    return { result: id, detail: undefined };
  });
}

/** Lines stay lines. */
function textOf(given: string): string {
  const text = given.normalize('NFC').replaceAll(/\r\n?/g, '\n').trim();
  if (isPrintable(text.replace(/[\n\t]/g, ' ')) && text.length > 0 && text.length <= textLimit) return text;
  throw new XmError('message-text-invalid', { limit: textLimit });
}
