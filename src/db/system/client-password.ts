/** Clients' passwords, and who tried wrong ones. */
import { XmError } from '../../core/errors.ts';
import type { MessageId } from '../../core/message.ts';
import type { PasswordCheck } from '../../core/service-ports.ts';
import type { Database, Queryable } from '../database.ts';
import { writeJournal } from './operator.ts';

const lockAfter = 5;
const lockMinutes = 15;

/**
 * Counted before it is checked: attempts at once do not get more than their share. Undefined: no such client. Throws
 * `password-locked`.
 */
export async function beginPassword(
  database: Queryable,
  client: number,
  byStranger: boolean,
): Promise<PasswordCheck | undefined> {
  const [known] = await database.query<{
    status: number;
    password_hash: string | null;
    password_message: Buffer | null;
  }>('select status, password_hash, password_message from client where matricule = $1', [client]);
  if (!known) return undefined;
  const counted = await database.query(
    `insert into password_failure as f (client, by_stranger, count, last_at) values ($1, $2, 1, now())
     on conflict (client, by_stranger) do update set last_at = now(),
       count = case when f.last_at > now() - interval '${lockMinutes} minutes' then f.count + 1 else 1 end
     where f.count < ${lockAfter} or f.last_at <= now() - interval '${lockMinutes} minutes'
     returning client`,
    [client, byStranger],
  );
  if (counted.length === 0) throw new XmError('password-locked', { minutes: lockMinutes });
  return {
    status: known.status,
    hash: known.password_hash ?? undefined,
    changedBy: known.password_message ?? undefined,
  };
}

/** It was right: those before it count no longer. */
export async function endPassword(database: Queryable, client: number, byStranger: boolean): Promise<void> {
  await database.query('delete from password_failure where client = $1 and by_stranger = $2', [
    client,
    byStranger,
  ]);
}

/** False: it is not `old` any more. */
export function setPassword(
  database: Database,
  client: number,
  old: string | undefined,
  hash: string,
  by: MessageId,
): Promise<boolean> {
  return database.transaction(async connection => {
    const changed = await connection.query(
      `update client set password_hash = $3, password_changed_at = now(), password_message = $4
        where matricule = $1 and password_hash is not distinct from $2 returning matricule`,
      [client, old ?? null, hash, by],
    );
    if (changed.length === 0) return false;
    await writeJournal(connection, 'client-password', { client });
    return true;
  });
}
