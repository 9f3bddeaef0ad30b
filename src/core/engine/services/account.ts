/** ACCOUNT: what is on the account of a client. */
import type { AccountMessage } from '../../message.ts';
import type { Affairs } from '../../service-ports.ts';
import type { Reply } from './reply.ts';

export async function answerAccount(
  { id, from, to }: AccountMessage,
  client: number,
  affairs: Pick<Affairs, 'statement'>,
): Promise<Reply> {
  return { bodies: [{ service: 'STATEMENT', about: id, ...(await affairs.statement(client, from, to)) }] };
}
