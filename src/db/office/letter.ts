/** What office and centre have written to each other: its own messages, and what came unasked. */
import type { MessageId, Outcome } from '../../core/message.ts';
import type { SentLetter } from '../../core/station-ports.ts';
import type { Queryable } from '../database.ts';

/** SignedData of what the server has sent by itself, the newest first. */
export async function readUnasked(connection: Queryable, limit: number): Promise<Uint8Array[]> {
  const rows = await connection.query<{ signed: Buffer }>(
    'select signed from xms.received where about is null order by received_at desc, message_id limit $1',
    [limit],
  );
  return rows.map(({ signed }) => signed);
}

export async function readSentLetters(connection: Queryable, limit: number): Promise<SentLetter[]> {
  const rows = await connection.query<{
    at: number;
    note: { subject: string; text: string };
    outcome: Outcome | null;
  }>(
    `select (extract(epoch from asked_at) * 1000)::float8 as at, note, outcome from xms.asked
      where service = 'MESSAGE' and note is not null order by asked_at desc, message_id limit $1`,
    [limit],
  );
  return rows.map(({ at, note, outcome }) => ({ at, ...note, ...(outcome ? { outcome } : {}) }));
}

/** Questions whose answer is there, or will be, and has not done yet what it came for; the oldest first. */
export async function readUntaken(connection: Queryable, service: 'IMPORT' | 'ENROL'): Promise<MessageId[]> {
  const rows = await connection.query<{ message_id: Buffer }>(
    `select message_id from xms.asked
      where service = $1 and taken_at is null and outcome is null order by asked_at`,
    [service],
  );
  return rows.map(({ message_id }) => message_id);
}

export async function markTaken(connection: Queryable, id: MessageId, at: number): Promise<void> {
  await connection.query('update xms.asked set taken_at = $2 where message_id = $1', [id, new Date(at)]);
}
