/** The journal of attempts (xms.inbox), what is to be billed, and the day's counts. */
import type { Arrival, ArrivalOutcome } from '../../core/ports.ts';
import { type Queryable, valuesList } from '../database.ts';
import { storableJson, storableText } from '../storable.ts';
import type { Filed } from './record.ts';

/** Kept of an SDC that was refused: all of whatever may be one. */
const keptBytes = 64 * 1024;

export async function writeAttempts(
  connection: Queryable,
  arrivals: readonly Arrival[],
  outcomes: readonly ArrivalOutcome[],
): Promise<void> {
  const { text, parameters } = valuesList(
    arrivals.map((arrival, i) => {
      const outcome = outcomes[i] as ArrivalOutcome;
      const message = arrival.opened?.message;
      return [
        new Date(arrival.at),
        arrival.client ?? null,
        message?.id ?? null,
        message?.service ?? null,
        message?.service === 'EXPORT' ? storableText(message.table.slice(0, 63)) : null,
        outcome.kind,
        outcome.kind === 'refused' ? null : outcome.numero,
        outcome.kind === 'refused' ? storableJson(outcome.reason) : null,
        arrival.sdc.length,
        storableText(arrival.topic),
        outcome.kind === 'refused' ? arrival.sdc.subarray(0, keptBytes) : null,
      ];
    }),
  );
  await connection.query(
    `insert into xms.inbox
       (at, client, message_id, service, table_name, outcome, numero, reason, size, topic, sdc) values ${text}`,
    parameters,
  );
}

export async function writeUnbilled(connection: Queryable, filed: readonly Filed[]): Promise<void> {
  if (filed.length === 0) return;
  const { text, parameters } = valuesList(
    filed.map(({ candidate: { client, messageId, arrival } }) => [
      client,
      messageId,
      arrival.opened.message.service,
      arrival.sdc.length,
    ]),
  );
  await connection.query(
    `insert into xms.unbilled (client, message_id, service, size) values ${text}`,
    parameters,
  );
}

export async function countArrivals(
  connection: Queryable,
  outcomes: readonly ArrivalOutcome[],
): Promise<void> {
  const count = (kind: ArrivalOutcome['kind']) => outcomes.filter(outcome => outcome.kind === kind).length;
  await addToDay(connection, {
    received: outcomes.length,
    filed: count('filed'),
    refused: count('refused'),
    sent: 0,
  });
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
