/** Where filed records came from: the rows of xms.provenance, and the receipts of then. */
import { hex } from '../../core/message.ts';
import { type Queryable, valuesList } from '../database.ts';
import { type Candidate, messageKey, recordKey } from './candidate.ts';
import type { Filed } from './record.ts';

export interface Earlier {
  readonly byMessage: ReadonlyMap<string, { readonly digest: string; readonly numero: bigint }>;
  readonly byRecord: ReadonlyMap<string, { readonly content: string; readonly numero: bigint }>;
}

interface ProvenanceRow extends Record<string, unknown> {
  readonly client: number;
  readonly message_id: Buffer;
  readonly table_name: string;
  readonly numero: bigint;
  readonly numero_there: bigint;
  readonly digest: Buffer;
  readonly content: Buffer;
}

const columns = 'p.client, p.message_id, p.table_name, p.numero, p.numero_there, p.digest, p.content';

/** What was filed before under the same message ids, and of the same records. */
export async function readEarlier(connection: Queryable, candidates: readonly Candidate[]): Promise<Earlier> {
  const byMessage = new Map<string, { digest: string; numero: bigint }>();
  const byRecord = new Map<string, { content: string; numero: bigint }>();
  if (candidates.length === 0) return { byMessage, byRecord };
  const clients = candidates.map(({ client }) => client);
  const rows = await connection.query<ProvenanceRow>(
    `select ${columns} from unnest($1::int[], $2::bytea[]) k (client, message_id)
       join xms.provenance p using (client, message_id)
     union all
     select ${columns} from unnest($1::int[], $3::text[], $4::bigint[]) k (client, table_name, numero_there)
       join xms.provenance p using (client, table_name, numero_there)`,
    [
      clients,
      candidates.map(({ messageId }) => messageId),
      candidates.map(({ table }) => table),
      candidates.map(({ numeroThere }) => numeroThere),
    ],
  );
  for (const row of rows) {
    byMessage.set(messageKey({ client: row.client, messageId: row.message_id }), {
      digest: hex(row.digest),
      numero: row.numero,
    });
    byRecord.set(recordKey({ client: row.client, table: row.table_name, numeroThere: row.numero_there }), {
      content: hex(row.content),
      numero: row.numero,
    });
  }
  return { byMessage, byRecord };
}

export async function writeProvenance(connection: Queryable, filed: readonly Filed[]): Promise<void> {
  if (filed.length === 0) return;
  const { text, parameters } = valuesList(
    filed.map(({ candidate: { client, messageId, table, numeroThere, content, arrival }, numero }) => [
      client,
      messageId,
      table,
      numero,
      numeroThere,
      arrival.opened.digest,
      content,
      arrival.opened.signed,
    ]),
  );
  await connection.query(
    `insert into xms.provenance (client, message_id, table_name, numero, numero_there, digest, content, signed)
     values ${text}`,
    parameters,
  );
}

/** Sends the receipts of these messages again: the SDC that was sent then, byte for byte. */
export async function repeatReceipts(connection: Queryable, duplicates: readonly Filed[]): Promise<void> {
  if (duplicates.length === 0) return;
  // A receipt that is not sealed yet, or not sent yet, goes out anyway.
  await connection.query(
    `update xms.outbox set sent_at = null, leased_until = null
      where sent_at is not null
        and id in (select r.outbox from unnest($1::int[], $2::bytea[]) k (client, about)
                     join xms.receipt r on r.client = k.client and r.about = k.about and r.outcome = 'filed')`,
    [
      duplicates.map(({ candidate }) => candidate.client),
      duplicates.map(({ candidate }) => candidate.messageId),
    ],
  );
}
