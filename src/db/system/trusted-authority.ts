/** Authorities from outside, and the newest revocation list of each authority. */
import type { KeyId } from '../../core/message.ts';
import type { Queryable } from '../database.ts';

export interface StoredAuthority {
  /** SHA-256 of the DER. */
  readonly fingerprint: Uint8Array;
  readonly der: Uint8Array;
  /** False: it stands between, and is believed only under one that is trusted. */
  readonly anchor: boolean;
}

/** False: it is there already, as the same. */
export async function trustAuthority(
  database: Queryable,
  { fingerprint, der, anchor }: StoredAuthority,
): Promise<boolean> {
  const rows = await database.query(
    `insert into trusted_authority as known (fingerprint, der, anchor) values ($1, $2, $3)
     on conflict (fingerprint) do update set anchor = excluded.anchor where known.anchor <> excluded.anchor
     returning fingerprint`,
    [fingerprint, der, anchor],
  );
  return rows.length > 0;
}

/** False: there is none of this fingerprint. */
export async function distrustAuthority(database: Queryable, fingerprint: Uint8Array): Promise<boolean> {
  const rows = await database.query(
    'delete from trusted_authority where fingerprint = $1 returning fingerprint',
    [fingerprint],
  );
  return rows.length > 0;
}

export async function trustedAuthorities(database: Queryable): Promise<StoredAuthority[]> {
  return database.query<{ fingerprint: Buffer; der: Buffer; anchor: boolean }>(
    'select fingerprint, der, anchor from trusted_authority order by added_at, fingerprint',
  );
}

/** The number of the next list of our own: each one higher than the last. */
export async function nextListNumber(database: Queryable): Promise<bigint> {
  const [row] = await database.query<{ number: bigint }>(
    `select nextval('revocation_list_number') as number`,
  );
  return (row as { number: bigint }).number;
}

/** Keeps the newest list of the authority; false: a newer one is there. */
export async function keepRevocationList(
  database: Queryable,
  list: {
    readonly authority: KeyId;
    readonly der: Uint8Array;
    /** Milliseconds since 1970. */
    readonly thisUpdate: number;
    readonly nextUpdate: number;
  },
): Promise<boolean> {
  const rows = await database.query(
    `insert into revocation_list as known (authority, der, this_update, next_update) values ($1, $2, $3, $4)
     on conflict (authority) do update
       set der = excluded.der, this_update = excluded.this_update, next_update = excluded.next_update
     where known.this_update <= excluded.this_update
     returning authority`,
    [list.authority, list.der, new Date(list.thisUpdate), new Date(list.nextUpdate)],
  );
  return rows.length > 0;
}

/** DER of every authority's newest list. */
export async function revocationLists(database: Queryable): Promise<Uint8Array[]> {
  const rows = await database.query<{ der: Buffer }>('select der from revocation_list');
  return rows.map(({ der }) => der);
}
