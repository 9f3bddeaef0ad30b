/** Where filed records came from: the rows of xms.provenance, and the receipts of then. */
import { hex } from '../../core/message.ts';
import { type Queryable, valuesList } from '../database.ts';
import { type Candidate, messageKey, recordKey } from './candidate.ts';
import type { Filed } from './record.ts';

/** What was filed, by message and by record; digests in hexadecimal. */
export interface Earlier {
  readonly byMessage: Map<string, { readonly digest: string; readonly numero: bigint }>;
  readonly byRecord: Map<string, { readonly content: string; readonly numero: bigint }>;
}

export function remember(earlier: Earlier, candidate: Candidate, numero: bigint): void {
  earlier.byMessage.set(messageKey(candidate), { digest: hex(candidate.arrival.opened.digest), numero });
  earlier.byRecord.set(recordKey(candidate), { content: hex(candidate.content), numero });
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
  const earlier: Earlier = { byMessage: new Map(), byRecord: new Map() };
  if (candidates.length === 0) return earlier;
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
    earlier.byMessage.set(messageKey({ client: row.client, messageId: row.message_id }), {
      digest: hex(row.digest),
      numero: row.numero,
    });
    earlier.byRecord.set(
      recordKey({ client: row.client, table: row.table_name, numeroThere: row.numero_there }),
      {
        content: hex(row.content),
        numero: row.numero,
      },
    );
  }
  return earlier;
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

/**
 * Sends the receipts of these messages again: the SDC that was sent then, byte for byte. Of one that is so old that its
 * answer was purged, a new receipt is made.
 */
export async function repeatReceipts(connection: Queryable, duplicates: readonly Candidate[]): Promise<void> {
  if (duplicates.length === 0) return;
  const keys = [duplicates.map(({ client }) => client), duplicates.map(({ messageId }) => messageId)];
  // A receipt that is not sealed yet, or not sent yet, goes out anyway.
  await connection.query(
    `update xms.outbox set sent_at = null, leased_until = null
      where sent_at is not null
        and id in (select r.outbox from unnest($1::int[], $2::bytea[]) k (client, about)
                     join xms.receipt r on r.client = k.client and r.about = k.about and r.outcome = 'filed')`,
    keys,
  );
  await connection.query(
    `insert into xms.receipt (client, about, outcome, numero, digest)
     select distinct p.client, p.message_id, 'filed', p.numero, p.digest
       from unnest($1::int[], $2::bytea[]) k (client, message_id)
       join xms.provenance p using (client, message_id)
      where not exists (
        select from xms.receipt r where r.client = p.client and r.about = p.message_id and r.outcome = 'filed')`,
    keys,
  );
}
