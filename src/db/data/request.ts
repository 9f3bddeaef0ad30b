/** Questions (xms.request): stored with the attempt, taken, answered once. */
import { hex } from '../../core/message.ts';
import type { Arrival, ArrivalOutcome, OpenRequest } from '../../core/ports.ts';
import type { Database, Queryable } from '../database.ts';
import { answerColumns, repeatAnswers } from './answer.ts';
import { messageKey } from './candidate.ts';
import { type Columns, insertRows } from './insert.ts';
import { writeOutbox } from './outbox.ts';

/** Questions of one client that wait for their answers, and as many requests for certificates, which anybody may send. */
const waitingLimit = 500;
const requestColumns: Columns = [
  ['client', 'int'],
  ['message_id', 'bytea'],
  ['digest', 'bytea'],
  ['service', 'text'],
  ['at', 'timestamptz'],
  ['sdc', 'bytea'],
];

interface Question {
  readonly place: number;
  readonly arrival: Arrival;
  readonly client: number;
  readonly about: Uint8Array;
  readonly service: string;
  readonly digest: Uint8Array;
}

/**
 * Stores the questions of a batch; returns what became of each, by its place. One that was answered before gets its
 * answers of then; one that was asked and is not answered yet will be. The caller holds the turn of their clients.
 */
export async function storeRequests(
  connection: Queryable,
  arrivals: readonly Arrival[],
): Promise<Map<number, ArrivalOutcome>> {
  const outcomes = new Map<number, ArrivalOutcome>();
  const questions = arrivals.flatMap(questionOf);
  if (questions.length === 0) return outcomes;
  const known = await readKnown(connection, questions);
  const waiting = await countWaiting(connection, questions);
  const fresh: Question[] = [];
  const answered = new Map<string, Question>();
  for (const question of questions) {
    const key = messageKey(question.client, question.about);
    const earlier = known.get(key);
    const digest = hex(question.digest);
    if (!earlier) {
      const count = waiting.get(queueOf(question)) ?? 0;
      if (count >= waitingLimit) {
        outcomes.set(question.place, {
          kind: 'refused',
          reason: { code: 'questions-waiting', params: { count } },
        });
        continue;
      }
      waiting.set(queueOf(question), count + 1);
      fresh.push(question);
      known.set(key, { digest, isAnswered: false });
    } else if (earlier.isAnswered && earlier.digest === digest) {
      answered.set(key, question);
    }
    outcomes.set(question.place, outcomeOf(earlier, digest));
  }
  await insertRows(
    connection,
    'xms.request',
    requestColumns,
    fresh.map(({ client, about, digest, service, arrival: { at, sdc } }) => [
      client,
      about,
      digest,
      service,
      new Date(at),
      sdc,
    ]),
  );
  await repeatAnswers(connection, [...answered.values()]);
  return outcomes;
}

function questionOf(arrival: Arrival, place: number): Question[] {
  const { verdict, client, opened } = arrival;
  if (!('ask' in verdict) || client === undefined || !opened) return [];
  const { id, service } = verdict.ask;
  return [{ place, arrival, client, about: id, service, digest: opened.digest }];
}

interface Known {
  /** In hexadecimal. */
  readonly digest: string;
  readonly isAnswered: boolean;
}

async function readKnown(connection: Queryable, questions: readonly Question[]): Promise<Map<string, Known>> {
  const rows = await connection.query<{
    client: number;
    message_id: Buffer;
    digest: Buffer;
    answered: boolean;
  }>(
    `select r.client, r.message_id, r.digest, r.answered_at is not null as answered
       from unnest($1::int[], $2::bytea[]) k (client, message_id) join xms.request r using (client, message_id)
     union all
     -- Records were charged under its id, and a question of the same would read for nothing.
     select p.client, p.message_id, p.digest, true
       from unnest($1::int[], $2::bytea[]) k (client, message_id) join xms.provenance p using (client, message_id)`,
    [questions.map(({ client }) => client), questions.map(({ about }) => about)],
  );
  return new Map(
    rows.map(({ client, message_id, digest, answered }) => [
      messageKey(client, message_id),
      { digest: hex(digest), isAnswered: answered },
    ]),
  );
}

/** What a question waits in: whoever floods the one does not close the other. */
function queueOf({ client, service }: { readonly client: number; readonly service: string }): string {
  return `${client} ${service === 'ENROL'}`;
}

async function countWaiting(
  connection: Queryable,
  questions: readonly Question[],
): Promise<Map<string, number>> {
  const rows = await connection.query<{ client: number; enrolments: number; others: number }>(
    `select k.client, count(*) filter (where r.service = 'ENROL')::int as enrolments,
            count(*) filter (where r.service <> 'ENROL')::int as others
       from unnest($1::int[]) k (client) join xms.request r on r.client = k.client and r.answered_at is null
      group by k.client`,
    [[...new Set(questions.map(({ client }) => client))]],
  );
  return new Map(
    rows.flatMap(({ client, enrolments, others }) => [
      [queueOf({ client, service: 'ENROL' }), enrolments],
      [queueOf({ client, service: '' }), others],
    ]),
  );
}

function outcomeOf(earlier: Known | undefined, digest: string): ArrivalOutcome {
  if (!earlier) return { kind: 'asked' };
  return earlier.digest === digest
    ? { kind: 'repeated' }
    : { kind: 'refused', reason: { code: 'message-id-reused', params: {} } };
}

interface RequestRow extends Record<string, unknown> {
  readonly client: number;
  readonly message_id: Buffer;
  readonly service: OpenRequest['service'];
  readonly at: number;
  readonly sdc: Buffer;
}

export async function takeRequests(
  database: Database,
  limit: number,
  leaseMs: number,
): Promise<OpenRequest[]> {
  const rows = await database.transaction(connection =>
    connection.query<RequestRow>(
      // The oldest of each client who has none in hand: whoever asks much, or slowly, holds up nobody else. Of requests
      // for certificates likewise, after all the rest: whoever knows a matricule can send any number of them.
      `with open as materialized (
         select client, message_id, at, service = 'ENROL' as enrols,
                -- As in the outbox: no lease is twice as long.
                leased_until is not null
                  and leased_until between now() and now() + 2 * $2 * interval '1 millisecond' as in_hand
           from xms.request where answered_at is null),
       first as materialized (
         select distinct on (client, enrols) client, message_id, enrols from open
          where (client, enrols) not in (select client, enrols from open where in_hand)
          order by client, enrols, at, message_id),
       free as materialized (
         select r.client, r.message_id from first join xms.request r using (client, message_id)
          where r.answered_at is null order by first.enrols, r.at limit $1 for update of r skip locked)
       update xms.request r set leased_until = now() + $2 * interval '1 millisecond'
         from free where r.client = free.client and r.message_id = free.message_id
       returning r.client, r.message_id, r.service, (extract(epoch from r.at) * 1000)::float8 as at, r.sdc`,
      [limit, leaseMs],
    ),
  );
  return rows
    .map(({ client, message_id, service, at, sdc }) => ({ client, messageId: message_id, service, at, sdc }))
    .sort((a, b) => a.at - b.at);
}

export function answerRequest(
  database: Database,
  client: number,
  messageId: Uint8Array,
  answers: readonly { readonly sdc: Uint8Array }[],
  charge?: { readonly records: number; readonly bytes: number },
  signedAt = 0,
): Promise<void> {
  return database.transaction(async connection => {
    const [request] = await connection.query<{ service: string }>(
      `update xms.request set answered_at = greatest(now(), $3), leased_until = null
        where client = $1 and message_id = $2 and answered_at is null returning service`,
      [client, messageId, new Date(signedAt)],
    );
    if (!request) return;
    const entries = await writeOutbox(
      connection,
      answers.map(({ sdc }) => ({ client, sdc, count: 0 })),
    );
    await insertRows(
      connection,
      'xms.answer',
      answerColumns,
      entries.map(({ id }) => [client, messageId, id]),
    );
    if (charge) {
      await connection.query(
        `insert into xms.unbilled (client, message_id, service, records, size) values ($1, $2, $3, $4, $5)
         on conflict (client, message_id, index) do nothing`,
        [client, messageId, request.service, charge.records, charge.bytes],
      );
    }
  });
}
