/** What office and centre have written to each other: its own messages, and what came unasked. */
import type { Outcome } from '../../core/message.ts';
import type { ReceivedLetter, SentLetter } from '../../core/station-ports.ts';
import type { Queryable } from '../database.ts';

/** What the server has sent by itself, the newest first. */
export function readUnasked(connection: Queryable, limit: number): Promise<ReceivedLetter[]> {
  return connection.query<{ at: number; signed: Buffer }>(
    `select (extract(epoch from received_at) * 1000)::float8 as at, signed from xms.received
      where about is null order by received_at desc, message_id limit $1`,
    [limit],
  );
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
