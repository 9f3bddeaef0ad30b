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
}

export function remember(earlier: Earlier, candidate: Candidate, numero: bigint): void {
  rememberMessage(earlier, candidate, candidate.index, candidate.opened.digest, numero);
  earlier.byRecord.set(recordKey(candidate), { content: hex(candidate.content), numero });
}

function rememberMessage(
  { byMessage }: Earlier,
  message: Pick<Candidate, 'client' | 'messageId'>,
  index: number,
  digest: Uint8Array,
  numero: bigint,
): void {
  const key = messageKey(message);
  const known = byMessage.get(key);
  if (known) known.numeros.set(index, numero);
  else byMessage.set(key, { digest: hex(digest), numeros: new Map([[index, numero]]) });
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
  const messages = [...new Map(candidates.map(candidate => [messageKey(candidate), candidate])).values()];
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
    rememberMessage(earlier, { client, messageId: message_id }, index, digest, numero);
    earlier.byRecord.set(recordKey({ client, table: { name: table_name }, numeroThere: numero_there }), {
      content: hex(content),
      numero,
    });
  }
  return earlier;
}

/** The signed original goes with the first record of its message that is filed. */
export async function writeProvenance(
  connection: Queryable,
  filed: readonly Filed[],
  earlier: Earlier,
): Promise<void> {
  const now = new Map<string, Set<number>>();
  for (const { candidate } of filed) {
    const key = messageKey(candidate);
    now.set(key, (now.get(key) ?? new Set()).add(candidate.index));
  }
  const signedWith = new Map<string, number>();
  for (const [key, indexes] of now) {
    const before = [...(earlier.byMessage.get(key)?.numeros.keys() ?? [])].some(index => !indexes.has(index));
    if (!before) signedWith.set(key, Math.min(...indexes));
  }
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
      signedWith.get(messageKey(candidate)) === candidate.index ? candidate.opened.signed : null,
    ]),
  );
}
