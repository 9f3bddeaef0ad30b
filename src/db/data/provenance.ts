/** Where filed records came from: the rows of xms.provenance. */
import { hex } from '../../core/message.ts';
import type { Queryable } from '../database.ts';
import { type Candidate, messageKey, recordKey } from './candidate.ts';
import { insertRows } from './insert.ts';
import type { Filed } from './record.ts';

/** What was filed, by message and by record; digests in hexadecimal. */
export interface Earlier {
  readonly byMessage: Map<string, EarlierMessage>;
  readonly byRecord: Map<string, { readonly content: string; readonly numero: bigint }>;
}

interface EarlierMessage {
  readonly digest: string;
  /** Of the records that are filed, by their place in the message. */
  readonly numeros: Map<number, bigint>;
  /** One of its rows has the signed original. */
  isSigned: boolean;
}

export function remember(earlier: Earlier, candidate: Candidate, numero: bigint): void {
  const { index, opened, content } = candidate;
  messageOf(earlier, candidate.messageKey, opened.digest, false).numeros.set(index, numero);
  earlier.byRecord.set(candidate.recordKey, { content: hex(content), numero });
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
  readonly index: number;
  readonly table_name: string;
  readonly numero: bigint;
  readonly numero_there: bigint;
  readonly digest: Buffer;
  readonly content: Buffer;
}

const columns =
  'p.client, p.message_id, p.index, p.table_name, p.numero, p.numero_there, p.digest, p.content';

/** What was filed before under the same message ids, and of the same records. */
export async function readEarlier(connection: Queryable, candidates: readonly Candidate[]): Promise<Earlier> {
  const earlier: Earlier = { byMessage: new Map(), byRecord: new Map() };
  if (candidates.length === 0) return earlier;
  const messages = [...new Map(candidates.map(candidate => [candidate.messageKey, candidate])).values()];
  const rows = await connection.query<ProvenanceRow>(
    `select ${columns} from unnest($1::int[], $2::bytea[]) k (client, message_id)
       join xms.provenance p using (client, message_id)
     union all
     select ${columns} from unnest($3::int[], $4::text[], $5::bigint[]) k (client, table_name, numero_there)
       join xms.provenance p using (client, table_name, numero_there)`,
    [
      messages.map(({ client }) => client),
      messages.map(({ messageId }) => messageId),
      candidates.map(({ client }) => client),
      candidates.map(({ table }) => table.name),
      candidates.map(({ numeroThere }) => numeroThere),
    ],
  );
  for (const { client, message_id, index, table_name, numero, numero_there, digest, content } of rows) {
    messageOf(earlier, messageKey(client, message_id), digest, true).numeros.set(index, numero);
    earlier.byRecord.set(recordKey(client, table_name, numero_there), { content: hex(content), numero });
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
    'xms.provenance (client, message_id, index, table_name, numero, numero_there, digest, content, signed)',
    filed.map(({ candidate, numero }) => [
      candidate.client,
      candidate.messageId,
      candidate.index,
      candidate.table.name,
      numero,
      candidate.numeroThere,
      candidate.opened.digest,
      candidate.content,
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
