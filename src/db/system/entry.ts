/** Recharges and corrections: the movement, the balance, the notice to the client and the journal, all or nothing. */
import { XmError } from '../../core/errors.ts';
import type { AccountHolder, Entered, Entry, Movement } from '../../core/money/ports.ts';
import type { Database, Queryable } from '../database.ts';
import { writeJournal } from './operator.ts';

interface MovementRow extends Record<string, unknown> {
  readonly id: bigint;
  readonly client: number;
  readonly at: number;
  readonly kind: Movement['kind'];
  readonly amount: bigint;
  readonly service: string | null;
  readonly bytes: number | null;
  readonly reference: string | null;
  readonly reason: string | null;
  readonly operator: string | null;
}

const columns = `id, client, (extract(epoch from at) * 1000)::float8 as at, kind, amount, service, bytes, reference,
  reason, operator`;

/** An entry whose reference stands for a movement already changes nothing; that movement is what is returned. */
export function enter(database: Database, entry: Entry, operator: string): Promise<Entered> {
  const { client, kind, amount, reference, reason } = entry;
  return database.transaction(async connection => {
    await lockAccount(connection, client);
    const [made] = await connection.query<MovementRow>(
      `insert into movement (client, kind, amount, reference, reason, operator) values ($1, $2, $3, $4, $5, $6)
       on conflict (kind, reference) where reference is not null do nothing returning ${columns}`,
      [client, kind, amount, reference, reason ?? null, operator],
    );
    if (!made) return enteredBefore(connection, entry);
    const [account] = await connection.query<{ balance: bigint }>(
      'update account set balance = balance + $2 where client = $1 returning balance',
      [client, amount],
    );
    const balance = account?.balance ?? 0n;
    await connection.query('insert into notice (client, kind, amount, balance) values ($1, $2, $3, $4)', [
      client,
      kind,
      amount,
      balance,
    ]);
    // Last: all who write the journal wait for each other.
    const detail = { client, amount: Number(amount), reference, reason, balance: Number(balance) };
    await writeJournal(connection, `account-${kind}`, { movement: Number(made.id), ...detail }, operator);
    return { movement: movementOf(made), balance, repeated: false };
  });
}

async function enteredBefore(connection: Queryable, { kind, reference }: Entry): Promise<Entered> {
  const [row] = await connection.query<MovementRow & { balance: bigint }>(
    `select ${columns}, (select balance from account a where a.client = m.client) as balance
       from movement m where kind = $1 and reference = $2`,
    [kind, reference],
  );
  if (!row) throw new Error(`movement ${reference} is neither new nor there`);
  return { movement: movementOf(row), balance: row.balance, repeated: true };
}

/** Nobody else moves the balance until the transaction ends. Opens the account where it is missing. */
export async function lockAccount(connection: Queryable, client: number): Promise<AccountHolder> {
  const holder = await readHolder(connection, client);
  await connection.query('insert into account (client) values ($1) on conflict (client) do nothing', [
    client,
  ]);
  await connection.query('select from account where client = $1 for update', [client]);
  return holder;
}

/** Throws `client-unknown`. */
export async function readHolder(database: Queryable, client: number): Promise<AccountHolder> {
  const [row] = await database.query<{ nom: string; ville: string }>(
    'select nom, ville from client where matricule = $1',
    [client],
  );
  if (!row) throw new XmError('client-unknown', { client });
  return { client, name: row.nom, town: row.ville };
}

/** Of these days, in the order in which they were written. */
export async function readMovements(
  database: Queryable,
  client: number,
  first: string,
  last: string,
): Promise<Movement[]> {
  const rows = await database.query<MovementRow>(
    `select ${columns} from movement
      where client = $1 and at >= $2::date and at < $3::date + 1 order by client, id`,
    [client, first, last],
  );
  return rows.map(movementOf);
}

function movementOf(row: MovementRow): Movement {
  const { id, client, at, kind, amount, service, bytes, reference, reason, operator } = row;
  return {
    id,
    client,
    at,
    kind,
    amount,
    ...(service === null ? {} : { service }),
    ...(bytes === null ? {} : { bytes }),
    ...(reference === null ? {} : { reference }),
    ...(reason === null ? {} : { reason }),
    ...(operator === null ? {} : { operator }),
  };
}
