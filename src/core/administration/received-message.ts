/** What clients write to the people of the centre (MESSAGE): listed, read, and known to be read. */
import { XmError } from '../errors.ts';
import { demand, type Operator } from '../operator.ts';
import { perform } from './act.ts';
import type { Administration, ListPage, ReceivedMessage, ReceivedPageQuery, ReceivedQuery } from './ports.ts';

/** The newest first. Throws `privilege-needed`. */
export async function listReceived(
  { store }: Administration,
  operator: Operator,
  query: ReceivedQuery,
): Promise<ReceivedMessage[]> {
  demand(operator, 'clients-view');
  return store.receivedMessages(query);
}

/** Throws `privilege-needed`, `page-unknown`. */
export async function pageReceived(
  { store }: Administration,
  operator: Operator,
  query: ReceivedPageQuery,
): Promise<ListPage<ReceivedMessage>> {
  demand(operator, 'clients-view');
  return store.receivedPage(query);
}

/** One, which counts as read from then on. Throws `privilege-needed`, `message-unknown`. */
export function readReceived(
  administration: Administration,
  operator: Operator,
  id: number,
): Promise<ReceivedMessage> {
  return perform(administration, operator, 'client-message-read', async records => {
    const message = await records.lockReceived(id);
    if (!message) throw new XmError('message-unknown', { id });
    if (message.readAt !== undefined) return { result: message, detail: undefined };
    await records.markRead(id);
    return { result: message, detail: { client: message.client, message: id } };
  });
}
