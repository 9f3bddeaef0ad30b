/** Clients as they are listed, looked at and changed. */
import type {
  Client,
  ClientProfile,
  ClientQuery,
  ClientSheet,
  Exchange,
  ListPage,
} from '../../core/administration/ports.ts';
import type { Queryable } from '../database.ts';
import { type Listing, readPage, rowsOf } from '../keyset.ts';
import { createClient } from './directory.ts';
import { readRights } from './right.ts';

interface ClientRow extends Record<string, unknown> {
  readonly matricule: number;
  readonly nom: string;
  readonly ville: string;
  readonly telephone: string;
  readonly status: number;
  readonly balance: bigint;
  readonly created: number;
}

const columns = `c.matricule, c.nom, c.ville, c.telephone, c.status, coalesce(a.balance, 0) as balance,
  (extract(epoch from c.created_at) * 1000)::float8 as created`;
const from = 'client c left join account a on a.client = c.matricule';

function clientOf({ matricule, nom, ville, telephone, status, balance, created }: ClientRow): Client {
  return {
    matricule,
    name: nom,
    town: ville,
    telephone,
    status,
    balance: Number(balance),
    createdAt: created,
  };
}

const keys = {
  id: 'c.matricule',
  from: (conditions: string | undefined) => rowsOf('client', 'c', conditions),
} as const;

const listing: Listing<ClientQuery['sort'], ClientRow, Client> = {
  columns,
  from: `(${from})`,
  id: 'c.matricule',
  orders: {
    matricule: { sql: 'c.matricule', type: 'integer', ...keys },
    name: { sql: 'c.nom_key', type: 'text', ...keys },
    town: { sql: 'c.ville_key', type: 'text', ...keys },
    telephone: { sql: 'c.telephone collate "C"', type: 'text', ...keys },
    status: { sql: 'c.status', type: 'integer', ...keys },
    created: { sql: 'c.created_at', type: 'timestamptz', ...keys },
    // No index, for every charge would have to move it: all accounts are read. `is true` keeps what the search finds from
    // being joined one by one, by an estimate that is far too low for words that many names have; it is hashed.
    balance: {
      sql: 'a.balance',
      type: 'bigint',
      id: 'a.client',
      from: conditions =>
        conditions === undefined
          ? 'account a'
          : rowsOf(
              'account',
              'a',
              `(client in (select c.matricule from client c where ${conditions})) is true`,
            ),
    },
  },
  read: clientOf,
};

export function clientPage(database: Queryable, query: ClientQuery): Promise<ListPage<Client>> {
  return readPage(database, listing, query, filterOf(query));
}

export async function countClients(
  database: Queryable,
  filter: Partial<Pick<ClientQuery, 'search' | 'status'>>,
): Promise<number> {
  const { conditions, parameters } = filterOf(filter);
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const [row] = await database.query<{ count: bigint }>(`select count(*) from client c ${where}`, parameters);
  return Number(row?.count ?? 0);
}

/** At most `limit`. */
export async function clientsWith(database: Queryable, search: string, limit: number): Promise<number[]> {
  const { conditions, parameters } = filterOf({ search });
  const rows = await database.query<{ matricule: number }>(
    `select c.matricule from ${rowsOf('client', 'c', conditions.join(' and '))} limit ${limit}`,
    parameters,
  );
  return rows.map(({ matricule }) => matricule);
}

function filterOf({ search, status }: Partial<Pick<ClientQuery, 'search' | 'status'>>) {
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  if (search !== undefined && search.trim() !== '') {
    conditions.push(`c.words @@ search_query($${parameters.push(search.replaceAll('\0', ' '))})`);
  }
  if (status !== undefined) conditions.push(`c.status = $${parameters.push(status)}`);
  return { conditions, parameters };
}

interface SheetRow extends ClientRow {
  readonly password_changed: number | null;
  readonly key_id: Buffer | null;
  readonly not_after: number | null;
  readonly revoked: boolean | null;
  readonly waiting: bigint;
  readonly unread: bigint;
  readonly batch: boolean;
  readonly reads_per_day: number | null;
}

export async function clientSheet(database: Queryable, matricule: number): Promise<ClientSheet | undefined> {
  const [row] = await database.query<SheetRow>(
    `select ${columns}, c.batch, c.reads_per_day, (extract(epoch from c.password_changed_at) * 1000)::float8 as password_changed,
            k.key_id, (extract(epoch from k.not_after) * 1000)::float8 as not_after,
            k.revoked_at is not null as revoked,
            (select count(*) from outgoing_message m where m.client = c.matricule and taken_at is null) as waiting,
            (select count(*) from received_message m where m.client = c.matricule and read_at is null) as unread
       from ${from}
       left join lateral (
         select key_id, not_after, revoked_at from certificate
          where client = c.matricule and role = 'station' order by revoked_at is not null, not_after desc limit 1
       ) k on true
      where c.matricule = $1`,
    [matricule],
  );
  if (!row) return undefined;
  const { password_changed, key_id, not_after, revoked, waiting, unread } = row;
  return {
    ...clientOf(row),
    ...(password_changed === null ? {} : { passwordChangedAt: password_changed }),
    ...(key_id && not_after !== null
      ? { certificate: { key: key_id.toString('hex'), notAfter: not_after, revoked: revoked ?? false } }
      : {}),
    ...exchangeOf(row),
    rights: await readRights(database, matricule),
    waitingMessages: Number(waiting),
    unreadMessages: Number(unread),
  };
}

type ExchangeRow = Pick<SheetRow, 'batch' | 'reads_per_day'> & Record<string, unknown>;

function exchangeOf({ batch, reads_per_day }: ExchangeRow): Exchange {
  return { batch, ...(reads_per_day === null ? {} : { readsPerDay: reads_per_day }) };
}

export async function readExchange(database: Queryable, matricule: number): Promise<Exchange> {
  const [row] = await database.query<ExchangeRow>(
    'select batch, reads_per_day from client where matricule = $1',
    [matricule],
  );
  return row ? exchangeOf(row) : { batch: false };
}

export async function writeExchange(
  database: Queryable,
  matricule: number,
  { batch, readsPerDay }: Exchange,
): Promise<void> {
  await database.query('update client set batch = $2, reads_per_day = $3 where matricule = $1', [
    matricule,
    batch,
    readsPerDay ?? null,
  ]);
}

export async function lockClient(database: Queryable, matricule: number): Promise<Client | undefined> {
  const [row] = await database.query<ClientRow>(
    `select ${columns} from ${from} where c.matricule = $1 for update of c`,
    [matricule],
  );
  return row && clientOf(row);
}

/** Undefined: the wanted matricule is taken. Callers take turns. */
export async function insertClient(
  database: Queryable,
  { name, town, telephone, status }: ClientProfile,
  passwordHash: string,
  wanted: number | undefined,
  reference: string | undefined,
): Promise<number | undefined> {
  if (wanted !== undefined) {
    const taken = await database.query('select from client where matricule = $1', [wanted]);
    if (taken.length > 0) return undefined;
  }
  const matricule = await createClient(database, {
    nom: name,
    ville: town,
    telephone,
    status,
    ...(wanted === undefined ? {} : { matricule: wanted }),
    ...(reference === undefined ? {} : { reference }),
  });
  await resetClientPassword(database, matricule, passwordHash);
  return matricule;
}

export async function clientOfReference(database: Queryable, reference: string): Promise<number | undefined> {
  const [row] = await database.query<{ matricule: number }>(
    'select matricule from client where reference = $1',
    [reference],
  );
  return row?.matricule;
}

export async function updateClient(
  database: Queryable,
  matricule: number,
  { name, town, telephone, status }: ClientProfile,
): Promise<void> {
  await database.query(
    'update client set nom = $2, ville = $3, telephone = $4, status = $5 where matricule = $1',
    [matricule, name, town, telephone, status],
  );
}

export async function resetClientPassword(
  database: Queryable,
  matricule: number,
  passwordHash: string,
): Promise<void> {
  await database.query(
    'update client set password_hash = $2, password_changed_at = null where matricule = $1',
    [matricule, passwordHash],
  );
}
