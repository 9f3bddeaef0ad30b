/** Certificate requests that came as SDCs. */
import type { MessageId } from '../../core/message.ts';
import type { KeyRequest } from '../../core/service-ports.ts';
import type { Database } from '../database.ts';
import { writeJournal } from './operator.ts';
import { fileRequest } from './request.ts';

/**
 * Filed as one that came as a file is. Of a key that asked before, the answer goes to the newest message, also where it
 * was decided already. False: the key is another client's.
 */
export function fileEnrolment(
  database: Database,
  client: number,
  messageId: MessageId,
  { keyId, der, fingerprint }: KeyRequest,
): Promise<boolean> {
  return database.transaction(async connection => {
    const id = await fileRequest(connection, { client, keyId, der, fingerprint });
    if (id === undefined) return false;
    const asked = await connection.query(
      `update certificate_request set message_id = $2, answered_at = null
        where id = $1 and message_id is distinct from $2 returning id`,
      [id, messageId],
    );
    if (asked.length > 0) await writeJournal(connection, 'request-received', { id, client, fingerprint });
    return true;
  });
}
