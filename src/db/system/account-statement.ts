/** What is on an account, and why. */
import type { StatementMessage } from '../../core/message.ts';
import type { Queryable } from '../database.ts';

/** Movements, or days of charges of one service: as many as one SDC holds. */
const longest = 300;

interface MovementRow extends Record<string, unknown> {
  readonly at: number;
  readonly kind: 'recharge' | 'charge' | 'correction';
  readonly service: string | null;
  readonly count: bigint;
  readonly amount: bigint;
}

/** Seconds since 1970, the end excluded; without a period the balance alone. The newest, in the order of time. */
export async function readStatement(
  database: Queryable,
  client: number,
  from: number | undefined,
  to: number | undefined,
): Promise<Pick<StatementMessage, 'balance' | 'movements'>> {
  const [account] = await database.query<{ balance: bigint }>(
    'select balance from account where client = $1',
    [client],
  );
  const balance = account?.balance ?? 0n;
  if (from === undefined && to === undefined) return { balance, movements: [] };
  const rows = await database.query<MovementRow>(
    `select extract(epoch from min(at))::int8::float8 as at, kind, service, sum(records) as count,
            sum(amount)::int8 as amount
       from movement
      where client = $1 and at >= to_timestamp($2) and at < to_timestamp($3)
      -- A recharge and a correction stand alone, with their moment.
      group by kind, service, case when kind = 'charge' then date_trunc('day', at) end,
               case when kind <> 'charge' then id end
      order by max(id) desc limit ${longest}`,
    [client, from ?? 0, to ?? 0xffff_ffff],
  );
  const movements = rows.reverse().map(({ at, kind, service, count, amount }) => ({
    at,
    kind,
    ...(service === null ? {} : { service }),
    count: Number(count),
    amount,
  }));
  return { balance, movements };
}
