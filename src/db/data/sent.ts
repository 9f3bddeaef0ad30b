/** What was sealed for clients, as people search it (xms.outbox): what it is, when it was sent; and sent again. */
import type { AnsweredMessage, SentAgain } from '../../core/console-ports.ts';
import type { Service } from '../../core/message.ts';
import type { Database, Queryable } from '../database.ts';
import { beyond, firstOf, type IdPage } from './id-page.ts';

export interface Sent {
  readonly id: number;
  readonly client: number;
  /** Receipts inside; 0: it is something else. */
  readonly count: number;
  /** The question that it answers. */
  readonly service?: Service;
  /** Its name where it is a letter of XMServerSystem. */
  readonly letter?: string;
  /** Bytes of the SDC. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** How often it was sent, and when last. */
  readonly times: number;
  readonly sentAt?: number;
  /** It waits to be sent, or to be sent again. */
  readonly waits: boolean;
}

/** One of these, or neither. */
export interface SentSearch {
  readonly clients?: readonly number[];
  readonly waiting?: boolean;
}

interface SentEntry extends Record<string, unknown> {
  readonly id: bigint;
  readonly client: number;
  readonly count: number;
  readonly service: Service | null;
  readonly letter: string | null;
  readonly size: number;
  readonly created_at: number;
  readonly times: number;
  readonly sent_at: number | null;
  readonly waits: boolean;
}

const columns = `o.id, o.client, o.count, length(o.sdc) as size, (extract(epoch from o.created_at) * 1000)::float8 as created_at,
  s.times, (extract(epoch from s.at) * 1000)::float8 as sent_at, w.outbox is not null as waits,
  case when o.count = 0 then (select l.key from xms.letter l where l.outbox = o.id limit 1) end as letter,
  case when o.count = 0 then (
    select r.service from xms.answer a join xms.request r on r.message_id = a.about and r.client = a.client
     where a.outbox = o.id limit 1) end as service`;

const around = `left join xms.outgoing w on w.outbox = o.id
  cross join lateral (select count(*)::int as times, max(at) as at from xms.sent where outbox = o.id) s`;

function sentOf(row: SentEntry): Sent {
  return {
    id: Number(row.id),
    client: row.client,
    count: row.count,
    ...(row.service === null ? {} : { service: row.service }),
    ...(row.letter === null ? {} : { letter: row.letter }),
    size: row.size,
    createdAt: row.created_at,
    times: row.times,
    ...(row.sent_at === null ? {} : { sentAt: row.sent_at }),
    waits: row.waits,
  };
}

/** `limit` entries, in the order of their ids, or against it. */
export async function readSent(database: Queryable, search: SentSearch, page: IdPage): Promise<Sent[]> {
  const direction = page.descending ? 'desc' : 'asc';
  const { clients } = search;
  const rows = await database.query<SentEntry>(
    `with page as materialized (${idsOf(search, page, direction)})
     select ${columns} from page join xms.outbox o using (id) ${around} order by o.id ${direction}`,
    [firstOf(page), page.limit, ...(clients ? [clients] : [])],
  );
  return rows.map(sentOf);
}

/** Put together by what is searched for, so that each form has its index. */
function idsOf({ clients, waiting }: SentSearch, page: IdPage, direction: string): string {
  if (clients) {
    // Of each client a page: merged, they cost as little wherever they are.
    return `select found.id from unnest($3::int[]) k (client) cross join lateral (
        select id from xms.outbox where client = k.client and ${beyond('id', page)} order by id ${direction} limit $2) found
      order by found.id ${direction} limit $2`;
  }
  const [id, table] = waiting ? ['outbox', 'xms.outgoing'] : ['id', 'xms.outbox'];
  return `select ${id} as id from ${table} where ${beyond(id, page)} order by ${id} ${direction} limit $2`;
}

export interface SentBytes {
  readonly sdc: Uint8Array;
  /** The messages of which something was filed, and the questions; the oldest first. */
  readonly about: readonly AnsweredMessage[];
}

/** Undefined: there is none under this number. */
export async function findSent(database: Queryable, id: number): Promise<(Sent & SentBytes) | undefined> {
  const [row] = await database.query<SentEntry & { sdc: Buffer }>(
    `select ${columns}, o.sdc from xms.outbox o ${around} where o.id = $1`,
    [id],
  );
  return row && { ...sentOf(row), sdc: row.sdc, about: await readAnswered(database, id) };
}

async function readAnswered(database: Queryable, id: number): Promise<AnsweredMessage[]> {
  const rows = await database.query<{
    about: Buffer;
    service: Service | null;
    asked_at: number | null;
    table_name: string | null;
    numero_there: bigint;
    numero: bigint;
    act: AnsweredMessage['records'][number]['act'];
  }>(
    `select a.about, r.service, (extract(epoch from r.at) * 1000)::float8 as asked_at,
            p.table_name, p.numero_there, p.numero, p.act
       from xms.answer a
       left join xms.request r on r.message_id = a.about and r.client = a.client
       left join xms.provenance p on p.message_id = a.about and p.client = a.client
      where a.outbox = $1 order by a.about, p.index`,
    [id],
  );
  const messages = Map.groupBy(rows, ({ about }) => about.toString('hex'));
  return [...messages.values()].map(records => {
    const { about, service, asked_at } = records[0] as (typeof rows)[number];
    return {
      messageId: about,
      ...(service === null ? {} : { service }),
      ...(asked_at === null ? {} : { askedAt: asked_at }),
      records: records.flatMap(({ table_name, numero_there, numero, act }) =>
        table_name === null
          ? []
          : [{ table: table_name, numeroThere: Number(numero_there), numero: Number(numero), act }],
      ),
    };
  });
}

/**
 * The same bytes wait to be sent again; undefined: there is none under this number. `times`: how often it had been sent
 * when whoever asks looked at it, so that asking twice over a slow link sends it once.
 */
export function sendAgain(database: Database, id: number, times?: number): Promise<SentAgain | undefined> {
  return database.transaction(async connection => {
    // Locked, so that the purge leaves it.
    const [entry] = await connection.query('select from xms.outbox where id = $1 for key share', [id]);
    if (!entry) return undefined;
    const queued = await connection.query(
      'insert into xms.outgoing (outbox) values ($1) on conflict (outbox) do nothing returning outbox',
      [id],
    );
    if (queued.length === 0) return 'waiting';
    // Counted after that: who was sending it meanwhile was waited for.
    const [sent] = await connection.query<{ times: number }>(
      'select count(*)::int as times from xms.sent where outbox = $1',
      [id],
    );
    if (times === undefined || sent?.times === times) return 'queued';
    await connection.query('delete from xms.outgoing where outbox = $1', [id]);
    return 'sent';
  });
}
