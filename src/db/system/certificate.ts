/** Certificates of all roles, their revocations, and those that come to their end. */
import type { KeyId } from '../../core/message.ts';
import type { Queryable } from '../database.ts';

type CertificateRole = 'server' | 'station' | 'operator' | 'signatory';

export interface StoredCertificate {
  readonly keyId: KeyId;
  readonly client?: number;
  readonly role: CertificateRole;
  readonly der: Uint8Array;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly revokedAt?: number;
  readonly revocationReason?: string;
}

export interface CertificateRow extends Record<string, unknown> {
  readonly key_id: Buffer;
  readonly client: number | null;
  readonly role: CertificateRole;
  readonly der: Buffer;
  readonly not_before: number;
  readonly not_after: number;
  readonly revoked_at: number | null;
  readonly revocation_reason: string | null;
}

const milliseconds = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

export const columns = `key_id, client, role, der, ${milliseconds('not_before')} as not_before,
  ${milliseconds('not_after')} as not_after, ${milliseconds('revoked_at')} as revoked_at, revocation_reason`;

export function stored(row: CertificateRow): StoredCertificate {
  return {
    keyId: row.key_id,
    ...(row.client === null ? {} : { client: row.client }),
    role: row.role,
    der: row.der,
    notBefore: row.not_before,
    notAfter: row.not_after,
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
    ...(row.revocation_reason === null ? {} : { revocationReason: row.revocation_reason }),
  };
}

export interface CertificateToFile {
  readonly keyId: KeyId;
  readonly client: number | undefined;
  readonly role: CertificateRole;
  readonly subject: string;
  readonly spki: Uint8Array;
  readonly der: Uint8Array;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/**
 * Files a certificate. One for the same key, owner and role takes the other's place if it ends later. False: the key
 * is somebody else's, or revoked.
 */
export async function fileCertificate(database: Queryable, certificate: CertificateToFile): Promise<boolean> {
  const { keyId, client, role, subject, spki, der, notBefore, notAfter } = certificate;
  const rows = await database.query(
    `insert into certificate as known (key_id, client, role, subject, spki, der, not_before, not_after)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (key_id) do update
       set subject = excluded.subject, der = excluded.der,
           former = case when known.der = excluded.der then known.former else known.der || known.former end,
           not_before = excluded.not_before, not_after = excluded.not_after
     where known.client is not distinct from excluded.client and known.role = excluded.role
       and known.revoked_at is null and known.not_after <= excluded.not_after
     returning key_id`,
    [keyId, client ?? null, role, subject, spki, der, new Date(notBefore), new Date(notAfter)],
  );
  return rows.length > 0;
}

export interface CertificateFilter {
  readonly client?: number | undefined;
  readonly role?: CertificateRole | undefined;
}

/** A page, by end and key id, after the last one of the page before. */
export async function listCertificates(
  database: Queryable,
  filter: CertificateFilter,
  limit: number,
  after?: Pick<StoredCertificate, 'keyId' | 'notAfter'>,
): Promise<StoredCertificate[]> {
  const rows = await database.query<CertificateRow>(
    `select ${columns} from certificate
      where ($1::int is null or client = $1) and ($2::text is null or role = $2)
        and ($3::timestamptz is null or (not_after, key_id) > ($3, $4))
      order by not_after, key_id limit $5`,
    [
      filter.client ?? null,
      filter.role ?? null,
      after ? new Date(after.notAfter) : null,
      after?.keyId ?? null,
      limit,
    ],
  );
  return rows.map(stored);
}

export async function findCertificate(
  database: Queryable,
  keyId: KeyId,
): Promise<StoredCertificate | undefined> {
  const [row] = await database.query<CertificateRow>(`select ${columns} from certificate where key_id = $1`, [
    keyId,
  ]);
  return row && stored(row);
}

/** False: there is none of this key, or it is revoked already. */
export async function revokeCertificate(
  database: Queryable,
  keyId: KeyId,
  at: number,
  reason: string,
): Promise<boolean> {
  const rows = await database.query(
    `update certificate set revoked_at = $2, revocation_reason = $3
      where key_id = $1 and revoked_at is null returning key_id`,
    [keyId, new Date(at), reason],
  );
  return rows.length > 0;
}

/** All that are revoked and end after `endingAfter` (milliseconds since 1970): what a revocation list must name. */
export async function revokedCertificates(
  database: Queryable,
  endingAfter: number,
): Promise<StoredCertificate[]> {
  const rows = await database.query<CertificateRow>(
    `select ${columns} from certificate where revoked_at is not null and not_after > $1 order by revoked_at, key_id`,
    [new Date(endingAfter)],
  );
  return rows.map(stored);
}

/**
 * Those that end before `before` (milliseconds since 1970), are not revoked, have no successor that ends later, and
 * belong to no suspended client; the first to end first.
 */
export async function endingCertificates(database: Queryable, before: number): Promise<StoredCertificate[]> {
  const rows = await database.query<CertificateRow>(
    `select ${columns} from certificate c where ${ending} order by not_after, key_id`,
    [new Date(before)],
  );
  return rows.map(stored);
}

/** How many they are, and the first of their ends (milliseconds since 1970); undefined: there is none. */
export async function countEnding(
  database: Queryable,
  before: number,
): Promise<{ readonly count: number; readonly firstAt: number } | undefined> {
  const [row] = await database.query<{ count: bigint; first_at: number | null }>(
    `select count(*) as count, ${milliseconds('min(not_after)')} as first_at from certificate c where ${ending}`,
    [new Date(before)],
  );
  return row?.first_at == null ? undefined : { count: Number(row.count), firstAt: row.first_at };
}

const ending = `not_after < $1 and revoked_at is null
  and not exists (select from client where matricule = c.client and status = 0)
  and not exists (
    select from certificate l
     where l.client = c.client and l.role = c.role and l.revoked_at is null and l.not_after > c.not_after)
  and not exists (
    select from certificate l
     where c.client is null and l.client is null and l.role = c.role and l.subject = c.subject
       and l.revoked_at is null and l.not_after > c.not_after)`;
