/** Questions that a station keeps until they are answered, and the messages that the server has sent. */
import type { Answer, MessageId, Outcome, Receipt, Request } from '../../core/message.ts';
import { sdcHash } from '../../core/receipt.ts';
import type {
  AskedDetails,
  AskedProgress,
  AskedSdc,
  Reply,
  StationSummary,
} from '../../core/station-ports.ts';
import type { Queryable } from '../database.ts';
import { storableJson } from '../storable.ts';

/** Told after a commit in which questions were kept, or something came of them. */
export const questionChannel = 'xms_question';

const tell = `select pg_notify('${questionChannel}', '')`;

export async function keepAsked(
  connection: Queryable,
  { messageId, service, sdc }: AskedSdc,
  { note, questionHash }: AskedDetails,
): Promise<void> {
  await connection.query(
    `insert into xms.asked (message_id, service, sdc, sdc_hash, note, question_hash)
     values ($1, $2, $3, $4, $5, $6)`,
    [messageId, service, sdc, sdcHash(sdc), note ? storableJson(note) : null, questionHash ?? null],
  );
  await connection.query(tell);
}

export async function readWaitingAsked(
  connection: Queryable,
  { limit, retryMs, now }: { limit: number; retryMs: number; now: number },
): Promise<AskedSdc[]> {
  const rows = await connection.query<{ message_id: Buffer; service: Request['service']; sdc: Buffer }>(
    `select message_id, service, sdc from xms.asked
      where answered_at is null and (sent_at is null or sent_at > $2
         or sent_at <= $2 - least($3 * power(2, least(attempts, 30) - 1), 86400000) * interval '1 ms')
      order by asked_at limit $1`,
    [limit, new Date(now), retryMs],
  );
  return rows.map(({ message_id, service, sdc }) => ({ messageId: message_id, service, sdc }));
}

export async function markAskedSent(
  connection: Queryable,
  ids: readonly MessageId[],
  at: number,
): Promise<void> {
  await connection.query(
    'update xms.asked set attempts = attempts + 1, sent_at = $2 where message_id = any($1::bytea[])',
    [ids, new Date(at)],
  );
}

/** A receipt about a question is its answer; but what is `done` of an ENROL is that an operator will decide. */
export async function settleAsked(
  connection: Queryable,
  { about, outcomes }: Receipt,
  at: number,
): Promise<void> {
  const [outcome] = outcomes;
  // What is filed are records: no question is.
  if (!outcome || outcome.kind === 'filed') return;
  if (outcome.kind === 'done') {
    const pending = await connection.query(
      `update xms.asked set pending_at = coalesce(pending_at, $2) where message_id = $1 and service = 'ENROL'
        returning message_id`,
      [about, new Date(at)],
    );
    if (pending.length > 0) {
      await connection.query(tell);
      return;
    }
  }
  const answered = await connection.query(
    `update xms.asked set answered_at = $2, outcome = $3 where message_id = $1 and answered_at is null
      returning message_id`,
    [about, new Date(at), storableJson(outcome)],
  );
  if (answered.length > 0) await connection.query(tell);
}

/** What each answer must have been asked by, where it is about a question. */
const questionOf: Readonly<Partial<Record<Answer['service'], Request['service']>>> = {
  ROWS: 'IMPORT',
  'CERTIFY-ANSWER': 'CERTIFY',
  STATEMENT: 'ACCOUNT',
  'PROFILE-ANSWER': 'PROFILE',
  CERTIFICATE: 'ENROL',
};

/** Of answers to what was not asked, and of a part that is there, nothing is kept: no server fills the station's disk so. */
export async function receive(
  connection: Queryable,
  message: Answer,
  signed: Uint8Array,
  at: number,
): Promise<boolean> {
  const about = 'about' in message ? (message.about ?? null) : null;
  const [part, isLast] = message.service === 'ROWS' ? [message.part, message.isLast] : [0, true];
  const stored = await connection.query(
    `insert into xms.received (message_id, service, about, part, is_last, signed, received_at)
     select $1, $2, $3, $4, $5, $6, $7
      where $3::bytea is null
         or exists (select from xms.asked where message_id = $3 and service = $8)
            and not exists (select from xms.received where about = $3 and part = $4)
     on conflict (message_id) do nothing returning message_id`,
    [
      message.id,
      message.service,
      about,
      part,
      isLast,
      signed,
      new Date(at),
      questionOf[message.service] ?? null,
    ],
  );
  if (stored.length === 0) return false;
  if (about === null) return true;
  await connection.query(
    `update xms.asked set answered_at = $2
      where message_id = $1 and answered_at is null
        and (select count(distinct part) from xms.received where about = $1)
          = (select part + 1 from xms.received where about = $1 and is_last limit 1)`,
    [about, new Date(at)],
  );
  // Each part: whoever waits for it shows how far it is.
  await connection.query(tell);
  return true;
}

export async function readReply(connection: Queryable, id: MessageId): Promise<Reply | undefined> {
  const [asked] = await connection.query<{ outcome: Outcome | null }>(
    'select outcome from xms.asked where message_id = $1 and answered_at is not null',
    [id],
  );
  if (!asked) return undefined;
  if (asked.outcome) return { outcome: asked.outcome };
  const rows = await connection.query<{ signed: Buffer }>(
    'select distinct on (part) signed from xms.received where about = $1 order by part, received_at',
    [id],
  );
  return { signed: rows.map(({ signed }) => signed) };
}

export async function readProgress(connection: Queryable, id: MessageId): Promise<AskedProgress> {
  const [row] = await connection.query<{ parts: bigint; sent: boolean; pending: boolean }>(
    `select (select count(distinct part) from xms.received where about = $1) as parts,
            sent_at is not null as sent, pending_at is not null as pending
       from xms.asked where message_id = $1`,
    [id],
  );
  return { parts: Number(row?.parts ?? 0), isSent: row?.sent ?? false, isPending: row?.pending ?? false };
}

export async function readWaitingQuestions(connection: Queryable): Promise<StationSummary['questions']> {
  return connection.query(
    `select service, count(*)::int as count, (extract(epoch from min(asked_at)) * 1000)::float8 as since
       from xms.asked where answered_at is null group by 1 order by 3`,
  );
}

export async function countUnasked(connection: Queryable): Promise<number> {
  const [row] = await connection.query<{ count: number }>(
    'select count(*)::int as count from xms.received where about is null',
  );
  return row?.count ?? 0;
}

/** A balance, or a verdict, that is older than this is not what somebody asks for now. */
const freshMs = 3_600_000;

/** A refusal that nobody has heard is none for ever: its cause may be gone. */
export async function readSameAsked(
  connection: Queryable,
  questionHash: Uint8Array,
  now: number,
): Promise<MessageId | undefined> {
  const [row] = await connection.query<{ message_id: Buffer }>(
    `select message_id from xms.asked
      where question_hash = $1 and taken_at is null and (answered_at is null or answered_at > $2)
        and (outcome is null or outcome ->> 'kind' = 'done')
      order by asked_at desc limit 1`,
    [questionHash, new Date(now - freshMs)],
  );
  return row?.message_id;
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
