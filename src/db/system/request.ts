/** Certificate requests of clients, until somebody has compared the fingerprint and decided. */
import type { KeyId } from '../../core/message.ts';
import type { Queryable } from '../database.ts';
import { storableText } from '../storable.ts';

export interface StoredRequest {
  readonly id: number;
  readonly client: number;
  readonly clientName: string;
  readonly der: Uint8Array;
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

export interface RequestRow extends Record<string, unknown> {
  readonly id: number;
  readonly client: number;
  readonly nom: string;
  readonly der: Buffer;
  readonly fingerprint: string;
  readonly received_at: number;
}

export const waiting = `
  select r.id, r.client, c.nom, r.der, r.fingerprint, (extract(epoch from r.received_at) * 1000)::float8 as received_at
    from certificate_request r join client c on c.matricule = r.client
   where r.decision is null`;

export function requestOf({ id, client, nom, der, fingerprint, received_at }: RequestRow): StoredRequest {
  return { id, client, clientName: nom, der, fingerprint, receivedAt: received_at };
}

/**
 * Files a request; returns its number, and that of the first time for the same key of the same client. Undefined: no
 * such client, or the key is another client's.
 */
export async function fileRequest(
  database: Queryable,
  request: {
    readonly client: number;
    readonly keyId: KeyId;
    readonly der: Uint8Array;
    readonly fingerprint: string;
  },
): Promise<number | undefined> {
  const [row] = await database.query<{ id: number }>(
    `insert into certificate_request as known (client, key_id, der, fingerprint)
     select matricule, $2, $3, $4 from client where matricule = $1
     on conflict (key_id) do update set key_id = excluded.key_id where known.client = excluded.client
     returning id`,
    [request.client, request.keyId, request.der, request.fingerprint],
  );
  return row?.id;
}

/** A page of those that wait, the oldest first, after number `after`. */
export async function waitingRequests(
  database: Queryable,
  limit: number,
  after = 0,
): Promise<StoredRequest[]> {
  const rows = await database.query<RequestRow>(`${waiting} and r.id > $1 order by r.id limit $2`, [
    after,
    limit,
  ]);
  return rows.map(requestOf);
}

/** Locked until the end of the transaction: two operators do not decide at once. Undefined: none of this number waits. */
export async function takeRequest(database: Queryable, id: number): Promise<StoredRequest | undefined> {
  const [row] = await database.query<RequestRow>(`${waiting} and r.id = $1 for update of r`, [id]);
  return row && requestOf(row);
}

/** `reason` is for the client to read, where it was refused. */
export async function decideRequest(
  database: Queryable,
  id: number,
  decision: 'accepted' | 'refused',
  reason?: string,
): Promise<void> {
  await database.query(
    `update certificate_request set decision = $2, decided_at = now(), reason = $3 where id = $1 and decision is null`,
    [id, decision, reason === undefined ? null : storableText(reason)],
  );
}
