/** Clients who brought messages as files (xms.carried), and what is to go to them as files, too. */
import type { CarriedStore, Scope } from '../../core/carried-store.ts';
import type { OutboxEntry } from '../../core/ports.ts';
import type { Database, Queryable } from '../database.ts';
import { countOutbox, type OutgoingCondition, takeOutbox } from './outbox.ts';

/** Who has brought no file for so long has found a network. */
const carriedFor = '30 days';
const isCarried = `c.at > now() - interval '${carriedFor}'`;

export class PostgresCarriedStore implements CarriedStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async carry(clients: readonly number[]): Promise<void> {
    if (clients.length === 0) return;
    await this.#database.query(
      `insert into xms.carried as c (client, since)
       select k, coalesce((select max(id) from xms.sent), 0) from unnest($1::int[]) k
       on conflict (client) do update set at = now(), since = case when ${isCarried} then c.since else excluded.since end`,
      [[...new Set(clients)].sort((a, b) => a - b)],
    );
  }

  take(scope: Scope, limit: number, leaseMs: number): Promise<OutboxEntry[]> {
    return takeOutbox(this.#database, limit, leaseMs, outgoingIn(scope));
  }

  countFree(scope: Scope): Promise<number> {
    return countOutbox(this.#database, outgoingIn(scope));
  }

  sentSince(scope: Scope): Promise<{ upTo: bigint; ids: readonly bigint[] }> {
    return this.#database.transaction(async connection => {
      const upTo = await newestSent(connection);
      const rows = await connection.query<{ id: bigint }>(
        `select distinct o.id from xms.sent s join xms.outbox o on o.id = s.outbox join xms.carried c on c.client = o.client
          where s.id > (select min(since) from xms.carried c where ${isCarried} and ($1::int is null or client = $1))
            and s.id > c.since and s.id <= $2 and ${isCarried} and ($1::int is null or c.client = $1)
          order by 1`,
        [scope.client ?? null, upTo],
      );
      return { upTo, ids: rows.map(({ id }) => id) };
    });
  }

  read(ids: readonly bigint[]): Promise<OutboxEntry[]> {
    return this.#database.query<OutboxEntry & Record<string, unknown>>(
      'select id, client, sdc, count from xms.outbox where id = any($1::bigint[]) order by id',
      [ids],
    );
  }

  async exported(scope: Scope, upTo: bigint): Promise<void> {
    await this.#database.query(
      'update xms.carried set since = $2 where since < $2 and ($1::int is null or client = $1)',
      [scope.client ?? null, upTo],
    );
  }
}

/** What is being marked now has a number already, and is not to be seen yet: it is waited for. */
async function newestSent(connection: Queryable): Promise<bigint> {
  await connection.query('lock table xms.sent in share mode');
  const [row] = await connection.query<{ id: bigint | null }>('select max(id) as id from xms.sent');
  return row?.id ?? 0n;
}

function outgoingIn(scope: Scope): OutgoingCondition {
  return {
    text: mark =>
      `exists (select from xms.outbox o where o.id = outbox and ${inScope('o.client', scope, mark)})`,
    parameter: scope.client ?? null,
  };
}

function inScope(client: string, { carriedOnly }: Scope, mark: string): string {
  const one = `(${mark}::int is null or ${client} = ${mark})`;
  return carriedOnly
    ? `${one} and exists (select from xms.carried c where c.client = ${client} and ${isCarried})`
    : one;
}
