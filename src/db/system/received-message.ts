/** What clients wrote to the people of the centre. */
import type {
  ListPage,
  ReceivedMessage,
  ReceivedPageQuery,
  ReceivedQuery,
} from '../../core/administration/ports.ts';
import type { MessageId } from '../../core/message.ts';
import type { Queryable } from '../database.ts';
import { type Listing, readPage, rowsOf } from '../keyset.ts';
import { storableText } from '../storable.ts';

/** The same message again does nothing. */
export async function receiveMessage(
  database: Queryable,
  client: number,
  messageId: MessageId,
  subject: string,
  text: string,
): Promise<void> {
  await database.query(
    `insert into received_message (client, message_id, subject, text) values ($1, $2, $3, $4)
     on conflict (client, message_id) do nothing`,
    [client, messageId, storableText(subject), storableText(text)],
  );
}

interface ReceivedRow extends Record<string, unknown> {
  readonly id: bigint;
  readonly client: number;
  readonly nom: string;
  readonly subject: string;
  readonly text: string;
  readonly received: number;
  readonly read: number | null;
}

const columns = `m.id, m.client, c.nom, m.subject, m.text, (extract(epoch from m.received_at) * 1000)::float8 as received,
  (extract(epoch from m.read_at) * 1000)::float8 as read`;

function messageOf({ id, client, nom, subject, text, received, read }: ReceivedRow): ReceivedMessage {
  return {
    id: Number(id),
    client,
    clientName: nom,
    subject,
    text,
    receivedAt: received,
    ...(read === null ? {} : { readAt: read }),
  };
}

export async function receivedMessages(
  database: Queryable,
  { client, unread, before, limit }: ReceivedQuery,
): Promise<ReceivedMessage[]> {
  const conditions = [
    'm.id < $1',
    ...(unread ? ['m.read_at is null'] : []),
    ...(client === undefined ? [] : ['m.client = $3']),
  ];
  const rows = await database.query<ReceivedRow>(
    `select ${columns} from received_message m join client c on c.matricule = m.client
      where ${conditions.join(' and ')} order by m.id desc limit $2`,
    [before ?? Number.MAX_SAFE_INTEGER, limit, ...(client === undefined ? [] : [client])],
  );
  return rows.map(messageOf);
}

const keys = {
  id: 'm.id',
  from: (conditions: string | undefined) => rowsOf('received_message', 'm', conditions),
} as const;

const listing: Listing<ReceivedPageQuery['sort'], ReceivedRow, ReceivedMessage> = {
  columns,
  from: '(received_message m join client c on c.matricule = m.client)',
  id: 'm.id',
  orders: {
    unread: { sql: '(m.read_at is null)::integer', type: 'integer', ...keys },
    received: { sql: 'm.id', type: 'bigint', ...keys },
  },
  read: messageOf,
};

export function receivedPage(
  database: Queryable,
  query: ReceivedPageQuery,
): Promise<ListPage<ReceivedMessage>> {
  const search = query.search.trim();
  const ofClients =
    'm.client = any (array(select c.matricule from client c where c.words @@ search_query($1)))';
  return readPage(
    database,
    listing,
    query,
    search === ''
      ? { conditions: [], parameters: [] }
      : { conditions: [ofClients], parameters: [search.replaceAll('\0', ' ')] },
  );
}

export async function countUnread(database: Queryable): Promise<number> {
  const [row] = await database.query<{ count: bigint }>(
    'select count(*) from received_message where read_at is null',
  );
  return Number(row?.count ?? 0);
}

export async function lockReceived(database: Queryable, id: number): Promise<ReceivedMessage | undefined> {
  const [row] = await database.query<ReceivedRow>(
    `select ${columns} from received_message m join client c on c.matricule = m.client
      where m.id = $1 for update of m`,
    [id],
  );
  return row && messageOf(row);
}

/** By the id that its sender gave it. */
export async function receivedUnder(
  database: Queryable,
  client: number,
  messageId: MessageId,
): Promise<Pick<ReceivedMessage, 'subject' | 'text'> | undefined> {
  const [row] = await database.query<{ subject: string; text: string }>(
    'select subject, text from received_message where client = $1 and message_id = $2',
    [client, messageId],
  );
  return row;
}

export async function markRead(database: Queryable, id: number): Promise<void> {
  await database.query('update received_message set read_at = now() where id = $1 and read_at is null', [id]);
}
