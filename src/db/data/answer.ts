/** Which SDCs answered a message (xms.answer): a message that comes again gets them again, byte for byte. */
import type { Arrival } from '../../core/ports.ts';
import type { Queryable } from '../database.ts';
import type { Columns } from './insert.ts';

export const answerColumns: Columns = [
  ['client', 'int'],
  ['about', 'bytea'],
  ['outbox', 'bigint'],
];

interface Message {
  readonly client: number;
  readonly about: Uint8Array;
}

/**
 * Sends the receipts of these messages again: the SDC that was sent then. Of one that is so old that its answer was
 * purged, a new receipt is made.
 */
export async function repeatReceipts(connection: Queryable, arrivals: readonly Arrival[]): Promise<void> {
  const messages = arrivals.flatMap(({ client, opened }) =>
    client === undefined || !opened ? [] : [{ client, about: opened.message.id }],
  );
  if (messages.length === 0) return;
  const sealed = await connection.query<{ client: number; about: Buffer; outbox: bigint | null }>(
    `select distinct k.client, k.about,
            -- The newest, which tells of what was filed at a later attempt, too.
            (select max(a.outbox) from xms.answer a where a.client = k.client and a.about = k.about) as outbox
       from unnest($1::int[], $2::bytea[]) k (client, about)
      -- A receipt that is not sealed yet goes out anyway.
      where not exists (
        select from xms.due d where d.client = k.client and d.about = k.about and d.digest is not null)`,
    keysOf(messages),
  );
  const kept = new Set(
    await queueAgain(
      connection,
      sealed.flatMap(({ outbox }) => outbox ?? []),
    ),
  );
  await makeAnew(
    connection,
    sealed.filter(({ outbox }) => outbox === null || !kept.has(outbox)),
  );
}

/** Sends the answers to these questions again, all that there were. */
export async function repeatAnswers(connection: Queryable, questions: readonly Message[]): Promise<void> {
  if (questions.length === 0) return;
  const answers = await connection.query<{ outbox: bigint }>(
    `select distinct a.outbox from unnest($1::int[], $2::bytea[]) k (client, about)
       join xms.answer a using (client, about)`,
    keysOf(questions),
  );
  await queueAgain(
    connection,
    answers.map(({ outbox }) => outbox),
  );
}

function keysOf(messages: readonly Message[]): [number[], Uint8Array[]] {
  return [messages.map(({ client }) => client), messages.map(({ about }) => about)];
}

/** Of these outbox entries, those that were not purged; what still waits, or is being sent, goes out anyway. */
export async function queueAgain(connection: Queryable, entries: readonly bigint[]): Promise<bigint[]> {
  if (entries.length === 0) return [];
  // Locked, so that the purge leaves them.
  const kept = await connection.query<{ id: bigint }>(
    'select id from xms.outbox where id = any($1::bigint[]) order by id for key share',
    [entries],
  );
  const ids = kept.map(({ id }) => id);
  await connection.query(
    'insert into xms.outgoing (outbox) select unnest($1::bigint[]) on conflict (outbox) do nothing',
    [ids],
  );
  return ids;
}

/** All of their records are filed: else they would have been tried again. */
async function makeAnew(connection: Queryable, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  await connection.query(
    `insert into xms.due (client, about, outcomes, digest)
     select p.client, p.message_id, jsonb_agg(p.numero::text order by p.index), p.digest
       from unnest($1::int[], $2::bytea[]) k (client, message_id)
       join xms.provenance p using (client, message_id)
      group by p.client, p.message_id, p.digest`,
    keysOf(messages),
  );
}
