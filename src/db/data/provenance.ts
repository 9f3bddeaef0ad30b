/** Where filed records came from: the rows of xms.provenance. */
import { hex } from '../../core/message.ts';
import { arrayOf } from '../array.ts';
import type { Queryable } from '../database.ts';
import { type Candidate, messageKey, recordKey } from './candidate.ts';
import { type Columns, insertRows } from './insert.ts';
import type { Filed } from './record.ts';

const provenanceColumns: Columns = [
  ['client', 'int'],
  ['message_id', 'bytea'],
  ['index', 'smallint'],
  ['table_name', 'text'],
  ['numero', 'bigint'],
  ['numero_there', 'bigint'],
  ['digest', 'bytea'],
  ['content', 'bytea'],
  ['act', 'text'],
  ['signed', 'bytea'],
];

/** What was filed, by message and by record; digests in hexadecimal. */
export interface Earlier {
  readonly byMessage: Map<string, EarlierMessage>;
  readonly byRecord: Map<string, EarlierRecord>;
}

interface EarlierRecord {
  readonly numero: bigint;
  readonly contents: Set<string>;
  isCancelled: boolean;
}

interface EarlierMessage {
  readonly digest: string;
  /** Of the records that are filed, by their place in the message. */
  readonly numeros: Map<number, bigint>;
  /** One of its rows has the signed original. */
  isSigned: boolean;
}

export function remember(earlier: Earlier, { candidate, numero, act }: Filed): void {
  const { index, opened, content } = candidate;
  messageOf(earlier, candidate.messageKey, opened.digest, false).numeros.set(index, numero);
  rememberRecord(earlier, candidate.recordKey, numero, content, act === 'cancelled');
}

function rememberRecord(
  { byRecord }: Earlier,
  key: string,
  numero: bigint,
  content: Uint8Array,
  isCancelled: boolean,
): void {
  const record = byRecord.get(key) ?? { numero, contents: new Set(), isCancelled };
  record.contents.add(hex(content));
  record.isCancelled ||= isCancelled;
  byRecord.set(key, record);
}

function messageOf(
  { byMessage }: Earlier,
  key: string,
  digest: Uint8Array,
  isSigned: boolean,
): EarlierMessage {
  let message = byMessage.get(key);
  if (!message) {
    message = { digest: hex(digest), numeros: new Map(), isSigned };
    byMessage.set(key, message);
  }
  return message;
}

interface ProvenanceRow extends Record<string, unknown> {
  readonly client: number;
  readonly message_id: Buffer;
  /** Null: it is a question, which filed nothing; so are all that follow but the digest. */
  readonly index: number | null;
  readonly table_name: string;
  readonly numero: bigint;
  readonly numero_there: bigint;
  readonly digest: Buffer;
  readonly content: Buffer;
  readonly act: string;
}

const columns =
  'p.client, p.message_id, p.index, p.table_name, p.numero, p.numero_there, p.digest, p.content, p.act';

/** What was filed, or asked, before under the same message ids, and what was filed of the same records. */
export async function readEarlier(connection: Queryable, candidates: readonly Candidate[]): Promise<Earlier> {
  const earlier: Earlier = { byMessage: new Map(), byRecord: new Map() };
  if (candidates.length === 0) return earlier;
  const messages = [...new Map(candidates.map(candidate => [candidate.messageKey, candidate])).values()];
  const rows = await connection.query<ProvenanceRow>(
    `select ${columns} from unnest($1::int[], $2::bytea[]) k (client, message_id)
       join xms.provenance p using (client, message_id)
     union all
     select ${columns} from unnest($3::int[], $4::text[], $5::bigint[]) k (client, table_name, numero_there)
       join xms.provenance p using (client, table_name, numero_there)
     union all
     -- A question has paid for its reading under its id.
     select r.client, r.message_id, null, null, null, null, r.digest, null, null
       from unnest($1::int[], $2::bytea[]) k (client, message_id) join xms.request r using (client, message_id)`,
    [
      arrayOf(messages.map(({ client }) => client)),
      arrayOf(messages.map(({ messageId }) => messageId)),
      arrayOf(candidates.map(({ client }) => client)),
      arrayOf(candidates.map(({ table }) => table.name)),
      arrayOf(candidates.map(({ numeroThere }) => numeroThere)),
    ],
  );
  for (const { client, message_id, index, table_name, numero, numero_there, digest, content, act } of rows) {
    const message = messageOf(earlier, messageKey(client, message_id), digest, true);
    if (index === null) continue;
    message.numeros.set(index, numero);
    const key = recordKey(client, table_name, numero_there);
    rememberRecord(earlier, key, numero, content, act === 'cancelled');
  }
  return earlier;
}

/** The signed original goes with the first record of its message that is filed. */
export async function writeProvenance(
  connection: Queryable,
  filed: readonly Filed[],
  earlier: Earlier,
): Promise<void> {
  await insertRows(
    connection,
    'xms.provenance',
    provenanceColumns,
    filed.map(({ candidate, numero, act = 'filed' }) => [
      candidate.client,
      candidate.messageId,
      candidate.index,
      candidate.table.name,
      numero,
      candidate.numeroThere,
      candidate.opened.digest,
      candidate.content,
      act,
      originalOf(candidate, earlier),
    ]),
  );
}

function originalOf({ messageKey: key, opened }: Candidate, { byMessage }: Earlier): Uint8Array | null {
  const message = byMessage.get(key);
  if (!message || message.isSigned) return null;
  message.isSigned = true;
  return opened.signed;
}
