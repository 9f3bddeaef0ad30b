/** Persons entitled to sign acts for a client. */
import type { ListPage, Signatory, SignatoryEntry, SignatoryQuery } from '../../core/administration/ports.ts';
import type { Queryable } from '../database.ts';
import { type Listing, readPage, rowsOf } from '../keyset.ts';

interface SignatoryRow extends Record<string, unknown> {
  readonly id: number;
  readonly client: number;
  readonly client_name: string;
  readonly name: string;
  readonly quality: string;
  readonly certificate: Buffer | null;
  readonly valid_from: string;
  readonly valid_until: string | null;
}

const columns = `s.id, s.client, c.nom as client_name, s.name, s.quality, s.certificate,
  to_char(s.valid_from, 'YYYY-MM-DD') as valid_from, to_char(s.valid_until, 'YYYY-MM-DD') as valid_until`;
const from = 'signatory s join client c on c.matricule = s.client';

function signatoryOf(row: SignatoryRow): Signatory {
  const { id, client, client_name, name, quality, certificate, valid_from, valid_until } = row;
  return {
    id,
    client,
    clientName: client_name,
    name,
    quality,
    ...(certificate === null ? {} : { certificate: certificate.toString('hex') }),
    from: valid_from,
    ...(valid_until === null ? {} : { until: valid_until }),
  };
}

const keys = {
  id: 's.id',
  from: (conditions: string | undefined) => rowsOf('signatory', 's', conditions),
} as const;

const listing: Listing<SignatoryQuery['sort'], SignatoryRow, Signatory> = {
  columns,
  from: `(${from})`,
  id: 's.id',
  orders: {
    number: { sql: 's.id', type: 'integer', ...keys },
    name: { sql: 's.name_key', type: 'text', ...keys },
    client: { sql: 's.client', type: 'integer', ...keys },
    from: { sql: 's.valid_from', type: 'date', ...keys },
  },
  read: signatoryOf,
};

export function signatoryPage(database: Queryable, query: SignatoryQuery): Promise<ListPage<Signatory>> {
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const { search, client } = query;
  if (search.trim() !== '') {
    conditions.push(`s.words @@ search_query($${parameters.push(search.replaceAll('\0', ' '))})`);
  }
  if (client !== undefined) conditions.push(`s.client = $${parameters.push(client)}`);
  return readPage(database, listing, query, { conditions, parameters });
}

/** `lock`: until the end of the transaction. */
export async function readSignatory(
  database: Queryable,
  id: number,
  lock = false,
): Promise<Signatory | undefined> {
  const [row] = await database.query<SignatoryRow>(
    `select ${columns} from ${from} where s.id = $1 ${lock ? 'for update of s' : ''}`,
    [id],
  );
  return row && signatoryOf(row);
}

export async function overlappingSignatory(
  database: Queryable,
  entry: SignatoryEntry,
  except: number | undefined,
): Promise<number | undefined> {
  const [row] = await database.query<{ id: number }>(
    `select id from signatory
      where client = $1 and name_key = folded($2) and id is distinct from $5
        and daterange(valid_from, valid_until, '[]') && daterange($3, $4, '[]') limit 1`,
    [entry.client, entry.name, entry.from, entry.until ?? null, except ?? null],
  );
  return row?.id;
}

export async function knowsCertificate(database: Queryable, key: string): Promise<boolean> {
  const rows = await database.query('select from certificate where key_id = $1', [Buffer.from(key, 'hex')]);
  return rows.length > 0;
}

export async function insertSignatory(database: Queryable, entry: SignatoryEntry): Promise<number> {
  const [row] = await database.query<{ id: number }>(
    `insert into signatory (client, name, quality, certificate, valid_from, valid_until)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [entry.client, ...storedOf(entry)],
  );
  return Number(row?.id);
}

/** He stays with his client. */
export async function updateSignatory(database: Queryable, id: number, entry: SignatoryEntry): Promise<void> {
  await database.query(
    `update signatory set name = $2, quality = $3, certificate = $4, valid_from = $5, valid_until = $6 where id = $1`,
    [id, ...storedOf(entry)],
  );
}

function storedOf({ name, quality, certificate, from: first, until }: SignatoryEntry): unknown[] {
  return [
    name,
    quality,
    certificate === undefined ? null : Buffer.from(certificate, 'hex'),
    first,
    until ?? null,
  ];
}
