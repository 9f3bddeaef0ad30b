/** The journal of attempts (xms.inbox), and the day's counts. */
import { countsOf } from '../../core/arrival-counts.ts';
import type { Arrival, ArrivalOutcome } from '../../core/ports.ts';
import type { Scalar } from '../array.ts';
import type { Queryable } from '../database.ts';
import { storableJson, storableText } from '../storable.ts';
import { type Columns, insertRows } from './insert.ts';
import type { Filed } from './record.ts';

const attemptColumns: Columns = [
  ['at', 'timestamptz'],
  ['client', 'int'],
  ['message_id', 'bytea'],
  ['service', 'text'],
  ['table_name', 'text'],
  ['topic', 'text'],
  ['size', 'int'],
  ['outcome', 'text'],
  ['numero', 'bigint'],
  ['act', 'text'],
  ['reason', 'jsonb'],
  ['filed', 'smallint'],
  ['refused', 'smallint'],
  ['reasons', 'jsonb'],
  ['sdc', 'bytea'],
];

/** Kept of an SDC of which something was refused: all of whatever may be one. */
const keptBytes = 64 * 1024;

/** `acts`: of each message, by its place, what it did to a record that was there. */
export async function writeAttempts(
  connection: Queryable,
  arrivals: readonly Arrival[],
  outcomes: readonly ArrivalOutcome[],
  acts: ReadonlyMap<number, Filed['act']>,
): Promise<void> {
  await insertRows(
    connection,
    'xms.inbox',
    attemptColumns,
    arrivals.map((arrival, i) => {
      const outcome = outcomes[i] as ArrivalOutcome;
      const message = arrival.opened?.message;
      return [
        new Date(arrival.at),
        arrival.client ?? null,
        message?.id ?? null,
        message?.service ?? null,
        message?.service === 'EXPORT' ? storableText(message.table.slice(0, 63)) : null,
        storableText(arrival.topic),
        arrival.sdc.length,
        outcome.kind,
        ...becameOf(outcome, acts.get(i) ?? null),
        outcome.kind === 'refused' || outcome.kind === 'partly' ? arrival.sdc.subarray(0, keptBytes) : null,
      ];
    }),
  );
}

/** Numero, act and reason of a single record; of several, how many were filed (now or before), how many refused, and why. */
function becameOf(outcome: ArrivalOutcome, act: Scalar): Scalar[] {
  const records = ('records' in outcome && outcome.records) || [];
  const reason = outcome.kind === 'refused' ? storableJson(outcome.reason) : null;
  const [first] = records;
  if (records.length < 2)
    return [first && 'numero' in first ? first.numero : null, act, reason, null, null, null];
  const reasons = records.flatMap((record, index) =>
    record.kind === 'refused' ? [[index, record.reason] as const] : [],
  );
  return [
    null,
    null,
    reason,
    records.length - reasons.length,
    reasons.length,
    reasons.length > 0 ? storableJson(Object.fromEntries(reasons)) : null,
  ];
}

export function countArrivals(connection: Queryable, outcomes: readonly ArrivalOutcome[]): Promise<void> {
  return addToDay(connection, { ...countsOf(outcomes), sent: 0 });
}

export async function addToDay(
  connection: Queryable,
  { received, filed, refused, sent }: { received: number; filed: number; refused: number; sent: number },
): Promise<void> {
  await connection.query(
    `insert into xms.daily as d (day, received, filed, refused, sent) values (current_date, $1, $2, $3, $4)
     on conflict (day) do update set received = d.received + excluded.received, filed = d.filed + excluded.filed,
       refused = d.refused + excluded.refused, sent = d.sent + excluded.sent`,
    [received, filed, refused, sent],
  );
}
