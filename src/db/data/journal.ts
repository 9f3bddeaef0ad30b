/** The journal of messages, as people search it: what came in, what became of it, and what can be tried again. */
import type { Service } from '../../core/message.ts';
import type { ArrivalOutcome, Reason } from '../../core/ports.ts';
import type { Queryable } from '../database.ts';
import { beyond, firstOf, type IdPage } from './id-page.ts';

export interface Attempt {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly client?: number;
  readonly messageId?: Uint8Array;
  readonly service?: Service;
  readonly table?: string;
  readonly outcome: ArrivalOutcome['kind'];
  readonly numero?: number;
  /** What a message of one record did to a record that was there. */
  readonly act?: 'changed' | 'cancelled';
  readonly reason?: Reason;
  /** Of a message with several records: how many are filed, how many were refused, and why, by their place in it. */
  readonly filed?: number;
  readonly refused?: number;
  readonly reasons?: Readonly<Record<string, Reason>>;
  /** Bytes of the SDC. */
  readonly size: number;
  readonly topic: string;
  readonly retriedAt?: number;
}

export interface AttemptFilter {
  /** Refused, or some of its records, and not tried again since. */
  readonly refused: boolean;
  readonly client?: number | undefined;
  /** Older than the attempt of this id: the next page. */
  readonly before?: number | undefined;
}

interface AttemptRow extends Record<string, unknown> {
  readonly id: bigint;
  readonly at: number;
  readonly client: number | null;
  readonly message_id: Buffer | null;
  readonly service: Service | null;
  readonly table_name: string | null;
  readonly outcome: Attempt['outcome'];
  readonly numero: bigint | null;
  readonly act: 'changed' | 'cancelled' | null;
  readonly reason: Reason | null;
  readonly filed: number | null;
  readonly refused: number | null;
  readonly reasons: Readonly<Record<string, Reason>> | null;
  readonly size: number;
  readonly topic: string;
  readonly retried_at: number | null;
}

const columns = `id, (extract(epoch from at) * 1000)::float8 as at, client, message_id, service, table_name, outcome,
  numero, act, reason, filed, refused, reasons, size, topic, (extract(epoch from retried_at) * 1000)::float8 as retried_at`;

function attemptOf(row: AttemptRow): Attempt {
  return {
    id: Number(row.id),
    at: row.at,
    ...(row.client === null ? {} : { client: row.client }),
    ...(row.message_id === null ? {} : { messageId: row.message_id }),
    ...(row.service === null ? {} : { service: row.service }),
    ...(row.table_name === null ? {} : { table: row.table_name }),
    outcome: row.outcome,
    ...(row.numero === null ? {} : { numero: Number(row.numero) }),
    ...(row.act === null ? {} : { act: row.act }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.filed === null ? {} : { filed: row.filed }),
    ...(row.refused === null ? {} : { refused: row.refused }),
    ...(row.reasons === null ? {} : { reasons: row.reasons }),
    size: row.size,
    topic: row.topic,
    ...(row.retried_at === null ? {} : { retriedAt: row.retried_at }),
  };
}

/** As the index has it. */
const isRetriable = "outcome in ('refused', 'partly') and retried_at is null";

/** The newest first. */
export async function listAttempts(
  database: Queryable,
  { refused, client, before }: AttemptFilter,
  limit: number,
): Promise<Attempt[]> {
  // Put together by the filter, so that each form has its index.
  const conditions = [
    'id < $1',
    ...(refused ? [isRetriable] : []),
    ...(client === undefined ? [] : ['client = $3']),
  ];
  const rows = await database.query<AttemptRow>(
    `select ${columns} from xms.inbox where ${conditions.join(' and ')} order by id desc limit $2`,
    [before ?? Number.MAX_SAFE_INTEGER, limit, ...(client === undefined ? [] : [client])],
  );
  return rows.map(attemptOf);
}

/** What a page of the journal is of. */
export interface AttemptSearch {
  readonly client?: number;
  readonly outcomes?: readonly Attempt['outcome'][];
  readonly act?: NonNullable<Attempt['act']>;
  /** The beginning of a table's or a service's name, in either case. */
  readonly about?: string;
}

/** `limit` attempts, in the order of their ids, or against it. */
export async function readAttempts(
  database: Queryable,
  search: AttemptSearch,
  page: IdPage,
): Promise<Attempt[]> {
  const { client, outcomes, act, about } = search;
  const parameters: unknown[] = [firstOf(page), page.limit];
  const parameter = (value: unknown) => `$${parameters.push(value)}`;
  const conditions = [
    beyond('id', page),
    ...(client === undefined ? [] : [`client = ${parameter(client)}`]),
    ...(outcomes ? [`outcome = any(${parameter(outcomes)}::text[])`] : []),
    ...(act === undefined ? [] : [`act = ${parameter(act)}`]),
    ...(about === undefined
      ? []
      : [`starts_with(lower(coalesce(table_name, service)), lower(${parameter(about)}))`]),
  ];
  const rows = await database.query<AttemptRow>(
    `select ${columns} from xms.inbox where ${conditions.join(' and ')}
      order by id ${page.descending ? 'desc' : 'asc'} limit $2`,
    parameters,
  );
  return rows.map(attemptOf);
}

/** What of a message is kept; nothing where it was purged. */
export interface KeptBytes {
  /** As it came, where something of it was refused. */
  readonly sdc?: Uint8Array;
  /** Of what was filed: the SignedData, the proof. */
  readonly signed?: Uint8Array;
  /** The SDC of a question that was let in. */
  readonly question?: Uint8Array;
}

/** Records that a message did more to than file them. */
export interface RecordActs {
  readonly changed: number;
  readonly cancelled: number;
}

/** Undefined: no such attempt. */
export async function findAttempt(
  database: Queryable,
  id: number,
): Promise<(Attempt & KeptBytes & { readonly acts?: RecordActs }) | undefined> {
  const [row] = await database.query<
    AttemptRow & { sdc: Buffer | null; signed: Buffer | null; question: Buffer | null; acts: RecordActs }
  >(
    `select ${columns}, sdc,
            (select signed from xms.provenance p
              where p.client = i.client and p.message_id = i.message_id and signed is not null limit 1) as signed,
            (select r.sdc from xms.request r
              where r.client = i.client and r.message_id = i.message_id
                and i.outcome in ('asked', 'repeated')) as question,
            (select json_build_object('changed', count(*) filter (where p.act = 'changed'),
                                      'cancelled', count(*) filter (where p.act = 'cancelled'))
               from xms.provenance p
              where p.client = i.client and p.message_id = i.message_id and i.outcome in ('filed', 'partly', 'duplicate'))
              as acts
       from xms.inbox i where id = $1`,
    [id],
  );
  if (!row) return undefined;
  const { sdc, signed, question, acts } = row;
  return {
    ...attemptOf(row),
    ...(sdc ? { sdc } : {}),
    ...(signed ? { signed } : {}),
    ...(question ? { question } : {}),
    ...(acts.changed + acts.cancelled > 0 ? { acts } : {}),
  };
}

export interface Retriable {
  readonly id: number;
  readonly topic: string;
  readonly sdc: Uint8Array;
}

/** Attempts of which something was refused, and that were not tried again; the oldest first. */
export async function retriableAttempts(
  database: Queryable,
  after: number,
  limit: number,
): Promise<Retriable[]> {
  const rows = await database.query<{ id: bigint; topic: string; sdc: Buffer }>(
    `select id, topic, sdc from xms.inbox
      where id > $1 and ${isRetriable} and sdc is not null order by id limit $2`,
    [after, limit],
  );
  return rows.map(({ id, topic, sdc }) => ({ id: Number(id), topic, sdc }));
}

export async function markRetried(database: Queryable, ids: readonly number[]): Promise<void> {
  await database.query('update xms.inbox set retried_at = now() where id = any($1::bigint[])', [ids]);
}
