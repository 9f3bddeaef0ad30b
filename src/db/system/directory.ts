/** Clients, their certificates and rights. */

import type { KeyId } from '../../core/message.ts';
import type { ClientAccess, Signer } from '../../core/ports.ts';
import type { Queryable } from '../database.ts';

interface SignerRow extends Record<string, unknown> {
  readonly key_id: Buffer;
  readonly spki: Buffer;
  readonly registered: Buffer | null;
  readonly matricule: number;
  readonly not_before: number;
  readonly not_after: number;
  readonly revoked_at: number | null;
}

/** Bytes of the SubjectPublicKeyInfo of a P-256 key: its holder is named by key id alone, and needs no certificate. */
const compactSpki = 91;

const milliseconds = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

export async function readSigners(database: Queryable, ids: readonly KeyId[]): Promise<Signer[]> {
  const rows = await database.query<SignerRow>(
    `select key_id, spki, case when length(spki) > ${compactSpki} then der || former end as registered, client as matricule, ${milliseconds('not_before')} as not_before,
            ${milliseconds('not_after')} as not_after, ${milliseconds('revoked_at')} as revoked_at
       from certificate where key_id = any($1::bytea[]) and client is not null and role = 'station'`,
    [ids],
  );
  return rows.map(({ key_id, spki, registered, matricule, not_before, not_after, revoked_at }) => ({
    keyId: key_id,
    spki,
    ...(registered ? { certificate: registered } : {}),
    matricule,
    notBefore: not_before,
    notAfter: not_after,
    ...(revoked_at === null ? {} : { revokedAt: revoked_at }),
  }));
}

interface ClientRow extends Record<string, unknown> {
  readonly matricule: number;
  readonly nom: string;
  readonly status: number;
  readonly batch: boolean;
  readonly has_initial_password: boolean;
  readonly key_id: Buffer;
  readonly spki: Buffer;
  readonly der: Buffer;
  readonly writes: string[];
  readonly reads: string[];
}

/** Clients that have a certificate; answers go to the newest that is not revoked. */
export async function readClients(
  database: Queryable,
  matricules: readonly number[],
): Promise<ClientAccess[]> {
  const rows = await database.query<ClientRow>(
    `select c.matricule, c.nom, c.status, c.batch, k.key_id, k.spki, k.der,
            -- Who was made before there were passwords goes on without one.
            c.password_hash is not null and c.password_changed_at is null as has_initial_password,
            array(select table_name from access_right r where r.client = c.matricule and r.may_write) as writes,
            array(select table_name from access_right r where r.client = c.matricule and r.may_read) as reads
       from client c
       cross join lateral (
         select key_id, spki, der from certificate
          where client = c.matricule and role = 'station' order by revoked_at is not null, not_after desc limit 1) k
      where c.matricule = any($1::int[])`,
    [matricules],
  );
  return rows.map(
    ({ matricule, nom, status, batch, has_initial_password, key_id, spki, der, writes, reads }) => ({
      matricule,
      name: nom,
      status,
      batch,
      recipient: { keyId: key_id, spki, ...(spki.length > compactSpki ? { certificate: der } : {}) },
      writes: new Set(writes),
      reads: new Set(reads),
      hasInitialPassword: has_initial_password,
    }),
  );
}

export interface NewClient {
  /** Absent: the next free one. */
  readonly matricule?: number;
  readonly nom: string;
  readonly ville: string;
  readonly telephone: string;
  readonly status: number;
  /** What makes it one, however often it is sent. */
  readonly reference?: string;
}

/** Creates a client with its account; returns its matricule. Rejects where the given matricule is taken. */
export async function createClient(database: Queryable, client: NewClient): Promise<number> {
  // The next number of the sequence may have been given by hand before: then the one after it.
  const taken = client.matricule === undefined ? 'on conflict (matricule) do nothing' : '';
  while (true) {
    const [row] = await database.query<{ matricule: number }>(
      `with made as (
         insert into client (matricule, nom, ville, telephone, status, reference)
         values (coalesce($1, nextval(pg_get_serial_sequence('client', 'matricule'))), $2, $3, $4, $5, $6)
         ${taken}
         returning matricule),
       opened as (insert into account (client) select matricule from made)
       select matricule from made`,
      [
        client.matricule ?? null,
        client.nom,
        client.ville,
        client.telephone,
        client.status,
        client.reference ?? null,
      ],
    );
    if (row) return row.matricule;
  }
}

export interface NewCertificate {
  readonly keyId: KeyId;
  readonly spki: Uint8Array;
  readonly der: Uint8Array;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Registers a certificate of a client; the same one again does nothing. */
export async function registerCertificate(
  database: Queryable,
  client: number,
  { keyId, spki, der, notBefore, notAfter }: NewCertificate,
): Promise<void> {
  await database.query(
    `insert into certificate (key_id, client, spki, der, not_before, not_after) values ($1, $2, $3, $4, $5, $6)
     on conflict (key_id) do nothing`,
    [keyId, client, spki, der, new Date(notBefore), new Date(notAfter)],
  );
}

/** Lets the client write these tables, beside those that it may write already. */
export async function grantWrite(
  database: Queryable,
  client: number,
  tables: readonly string[],
): Promise<void> {
  await database.query(
    `insert into access_right (client, table_name, may_write) select $1, t, true from unnest($2::text[]) t
     on conflict (client, table_name) do update set may_write = true`,
    [client, tables],
  );
}

export async function clientNames(
  database: Queryable,
  matricules: readonly number[],
): Promise<Map<number, string>> {
  const rows = await database.query<{ matricule: number; nom: string }>(
    'select matricule, nom from client where matricule = any($1::int[])',
    [matricules],
  );
  return new Map(rows.map(({ matricule, nom }) => [matricule, nom]));
}
