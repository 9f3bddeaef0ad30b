/** What a Monitor shows of the past: the counts, and the newest events. */
import type { Counts, MonitorEvent } from '../../core/engine-status.ts';
import type { Service } from '../../core/message.ts';
import type { ArrivalOutcome, Reason } from '../../core/ports.ts';
import type { Queryable } from '../database.ts';

interface CountsRow extends Record<string, unknown> {
  readonly received: string;
  readonly filed: string;
  readonly refused: string;
  readonly sent: string;
}

export async function readCounts(
  database: Queryable,
): Promise<{ readonly today: Counts; readonly total: Counts; readonly waiting: number }> {
  const sums = `coalesce(sum(received), 0)::text as received, coalesce(sum(filed), 0)::text as filed,
    coalesce(sum(refused), 0)::text as refused, coalesce(sum(sent), 0)::text as sent`;
  const [today] = await database.query<CountsRow>(`select ${sums} from xms.daily where day = current_date`);
  const [total] = await database.query<CountsRow>(`select ${sums} from xms.daily`);
  const [waiting] = await database.query<{ count: bigint }>(
    `select (select count(*) from xms.outgoing) + (select count(*) from xms.due) as count`,
  );
  return { today: countsOf(today), total: countsOf(total), waiting: Number(waiting?.count ?? 0) };
}

function countsOf(row: CountsRow | undefined): Counts {
  const { received = 0, filed = 0, refused = 0, sent = 0 } = row ?? {};
  return { received: Number(received), filed: Number(filed), refused: Number(refused), sent: Number(sent) };
}

interface AttemptRow extends Record<string, unknown> {
  readonly at: number;
  readonly client: number | null;
  readonly service: Service | null;
  readonly table_name: string | null;
  readonly outcome: ArrivalOutcome['kind'];
  readonly numero: bigint | null;
  readonly reason: Reason | null;
  readonly filed: number | null;
  readonly refused: number | null;
  readonly size: number;
}

interface SentRow extends Record<string, unknown> {
  readonly at: number;
  readonly client: number;
  readonly size: number;
  readonly count: number;
}

/** The newest attempts and answers together, oldest first. Names of clients are in the other database. */
export async function readRecentEvents(database: Queryable, limit: number): Promise<MonitorEvent[]> {
  const attempts = await database.query<AttemptRow>(
    `select (extract(epoch from at) * 1000)::float8 as at, client, service, table_name, outcome, numero, reason, filed, refused,
            size
       from xms.inbox order by id desc limit $1`,
    [limit],
  );
  const sent = await database.query<SentRow>(
    `select (extract(epoch from s.at) * 1000)::float8 as at, o.client, length(o.sdc) as size, o.count
       from (select id, outbox, at from xms.sent order by id desc limit $1) s join xms.outbox o on o.id = s.outbox
      order by s.id desc`,
    [limit],
  );
  const events: MonitorEvent[] = [
    ...attempts.toReversed().map(attemptEvent),
    ...sent.toReversed().map(sentEvent),
  ];
  return events.sort((a, b) => a.at - b.at).slice(-limit);
}

function sentEvent({ at, client, size, count }: SentRow): MonitorEvent {
  return { at, client, bytes: size, ...(count > 0 ? { kind: 'receipts', count } : { kind: 'answer' }) };
}

function attemptEvent({
  at,
  client,
  service,
  table_name,
  outcome,
  numero,
  reason,
  filed,
  refused,
  size,
}: AttemptRow): MonitorEvent {
  return {
    at,
    kind: outcome,
    ...(client === null ? {} : { client }),
    ...(service === null ? {} : { service }),
    ...(table_name === null ? {} : { table: table_name }),
    ...(numero === null ? {} : { numero: Number(numero) }),
    ...(reason === null ? {} : { reason }),
    ...(filed === null ? {} : { count: filed, records: filed + (refused ?? 0) }),
    bytes: size,
  };
}
