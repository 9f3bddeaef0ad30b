/** Receipts: written with what they are about, sealed later, those of one client together. */
import type { Arrival, ArrivalOutcome, DueReceipt, Reason, SealedAnswer } from '../../core/ports.ts';
import { sdcHash } from '../../core/receipt.ts';
import type { Database } from '../database.ts';
import { type Queryable, valuesList } from '../database.ts';
import { storableJson } from '../storable.ts';

/** How long a receipt waits that could not be sealed (its client has no certificate): it holds up no other. */
const postponedFor = '1 minute';

/**
 * A repeated message gets no new receipt: the one of then is sent again. `renewed`: indexes of messages that are new,
 * about a record that is not. A sender nobody knows cannot be answered.
 */
export async function writeReceipts(
  connection: Queryable,
  arrivals: readonly Arrival[],
  outcomes: readonly ArrivalOutcome[],
  renewed: ReadonlyMap<number, unknown>,
): Promise<void> {
  const rows = arrivals.flatMap(({ client, opened, sdc }, i) => {
    const outcome = outcomes[i] as ArrivalOutcome;
    if (client === undefined || (outcome.kind === 'duplicate' && !renewed.has(i))) return [];
    const about = opened?.message.id ?? sdcHash(sdc);
    return outcome.kind === 'refused'
      ? [[client, about, 'refused', null, storableJson(outcome.reason), null]]
      : [[client, about, 'filed', outcome.numero, null, opened?.digest]];
  });
  if (rows.length === 0) return;
  const { text, parameters } = valuesList(rows);
  await connection.query(
    `insert into xms.receipt (client, about, outcome, numero, reason, digest) values ${text}`,
    parameters,
  );
}

interface DueRow extends Record<string, unknown> {
  readonly id: bigint;
  readonly client: number;
  readonly about: Buffer;
  readonly outcome: DueReceipt['outcome'];
  readonly numero: bigint | null;
  readonly reason: Reason | null;
  readonly digest: Buffer | null;
}

export function sealDue(
  database: Database,
  limit: number,
  work: (due: readonly DueReceipt[]) => Promise<readonly SealedAnswer[]>,
): Promise<number> {
  return database.transaction(async connection => {
    const rows = await connection.query<DueRow>(
      `select id, client, about, outcome, numero, reason, digest from xms.receipt
        where outbox is null
          -- Nothing is due much later: what is, was written by a clock that has been set back since.
          and not (due_at > now() and due_at < now() + 2 * interval '${postponedFor}')
        order by due_at, id limit $1 for update skip locked`,
      [limit],
    );
    if (rows.length === 0) return 0;
    const answers = await work(rows.map(dueReceipt));
    const sealed = await writeAnswers(connection, answers);
    await postpone(
      connection,
      rows.map(({ id }) => id).filter(id => !sealed.has(id)),
    );
    return sealed.size;
  });
}

/** Into the outbox; returns the receipts that they carry. */
async function writeAnswers(connection: Queryable, answers: readonly SealedAnswer[]): Promise<Set<bigint>> {
  if (answers.length === 0) return new Set();
  const { text, parameters } = valuesList(
    answers.map(({ client, sdc, receipts }) => [client, sdc, receipts.length]),
  );
  const entries = await connection.query<{ id: bigint }>(
    `insert into xms.outbox (client, sdc, count) values ${text} returning id`,
    parameters,
  );
  const pairs = answers.flatMap(({ receipts }, i) =>
    receipts.map(receipt => [receipt, entries[i]?.id] as const),
  );
  await connection.query(
    `update xms.receipt r set outbox = k.outbox from unnest($1::bigint[], $2::bigint[]) k (id, outbox)
      where r.id = k.id`,
    [pairs.map(([receipt]) => receipt), pairs.map(([, outbox]) => outbox)],
  );
  return new Set(pairs.map(([receipt]) => receipt));
}

async function postpone(connection: Queryable, receipts: readonly bigint[]): Promise<void> {
  if (receipts.length === 0) return;
  await connection.query(
    `update xms.receipt set due_at = now() + interval '${postponedFor}' where id = any($1::bigint[])`,
    [receipts],
  );
}

function dueReceipt(row: DueRow): DueReceipt {
  const { id, client, about, outcome, numero, reason, digest } = row;
  return {
    id,
    client,
    about,
    outcome,
    ...(numero === null ? {} : { numero }),
    ...(reason === null ? {} : { reason }),
    ...(digest === null ? {} : { digest }),
  };
}
