/** Receipts that are due (xms.due): written with what they are about, sealed later, those of one client together. */
import type { Outcome } from '../../core/message.ts';
import type {
  Arrival,
  ArrivalOutcome,
  DueReceipt,
  OutboxEntry,
  Reason,
  RecordOutcome,
  SealedAnswer,
} from '../../core/ports.ts';
import { sdcHash } from '../../core/receipt.ts';
import type { Scalar } from '../array.ts';
import type { Database, Queryable } from '../database.ts';
import { storableJson } from '../storable.ts';
import { answerColumns } from './answer.ts';
import { type Columns, insertRows } from './insert.ts';
import { writeOutbox } from './outbox.ts';

/** How long a receipt waits that could not be sealed (its client has no certificate): it holds up no other. */
const postponedFor = '1 minute';

const dueColumns: Columns = [
  ['client', 'int'],
  ['about', 'bytea'],
  ['outcomes', 'jsonb'],
  ['digest', 'bytea'],
];

/** An outcome as the column `outcomes` has it: the Numero of a filed record as text, the reason of a refused one. */
type StoredOutcome = string | Reason;

/**
 * A repeated message gets no new receipt: the one of then is sent again. `renewed`: places of messages that are new,
 * about records that are not. A sender nobody knows cannot be answered; a question is answered later.
 */
export async function writeDue(
  connection: Queryable,
  arrivals: readonly Arrival[],
  outcomes: readonly ArrivalOutcome[],
  renewed: ReadonlySet<number>,
): Promise<void> {
  const rows = arrivals.flatMap(({ client, opened, sdc }, place) => {
    const told = storedOutcomes(outcomes[place] as ArrivalOutcome, renewed.has(place));
    if (client === undefined || !told) return [];
    const proof = told.some(outcome => typeof outcome === 'string') ? opened?.digest : undefined;
    return [[client, opened?.message.id ?? sdcHash(sdc), storableJson(told), proof ?? null]];
  });
  await insertRows(connection, 'xms.due', dueColumns, rows);
}

/** Undefined: no receipt is due. */
function storedOutcomes(outcome: ArrivalOutcome, isRenewed: boolean): StoredOutcome[] | undefined {
  switch (outcome.kind) {
    case 'refused':
      return outcome.records?.map(storedOutcome) ?? [outcome.reason];
    case 'filed':
    case 'partly':
      return outcome.records.map(storedOutcome);
    case 'duplicate':
      return isRenewed ? outcome.records.map(storedOutcome) : undefined;
    case 'asked':
    case 'repeated':
      return undefined;
  }
}

function storedOutcome(outcome: RecordOutcome): StoredOutcome {
  return outcome.kind === 'refused' ? outcome.reason : String(outcome.numero);
}

interface DueRow extends Record<string, unknown> {
  readonly id: bigint;
  readonly client: number;
  readonly about: Buffer;
  readonly outcomes: readonly StoredOutcome[];
  readonly digest: Buffer | null;
}

/** Nothing is due much later: what is, was written by a clock that has been set back since. */
const isDue = `not (due_at > now() and due_at < now() + 2 * interval '${postponedFor}')`;

export function sealDue(
  database: Database,
  limit: number,
  work: (due: readonly DueReceipt[]) => Promise<readonly SealedAnswer[]>,
  leaseMs?: number,
): Promise<{ readonly sealed: number; readonly entries: readonly OutboxEntry[] }> {
  return database.transaction(async connection => {
    // Taken out at once: a transaction that fails puts them back. A row that is locked stays where it is (its ctid).
    const rows = await connection.query<DueRow>(
      `delete from xms.due where ctid = any(array(
         select ctid from xms.due where ${isDue} order by due_at, id limit $1 for update skip locked))
       returning id, client, about, outcomes, digest`,
      [limit],
    );
    if (rows.length === 0) return { sealed: 0, entries: [] };
    rows.sort((a, b) => Number(a.id - b.id));
    const answers = await work(rows.map(dueReceipt));
    const entries = await writeOutbox(
      connection,
      answers.map(({ client, sdc, receipts }) => ({ client, sdc, count: receipts.length })),
      leaseMs,
    );
    const sealed = await linkReceipts(connection, rows, answers, entries);
    await postpone(
      connection,
      rows.filter(({ id }) => !sealed.has(id)),
    );
    return { sealed: sealed.size, entries: leaseMs === undefined ? [] : entries };
  });
}

/** Of messages of which something was filed, so that a repeat finds its receipt; returns all the receipts that left. */
async function linkReceipts(
  connection: Queryable,
  rows: readonly DueRow[],
  answers: readonly SealedAnswer[],
  entries: readonly OutboxEntry[],
): Promise<Set<bigint>> {
  const byId = new Map(rows.map(row => [row.id, row]));
  /** By their key, for a message that was tried again may have two receipts in one SDC. */
  const links = new Map<string, readonly Scalar[]>();
  for (const [i, { receipts }] of answers.entries()) {
    const outbox = entries[i]?.id ?? null;
    for (const id of receipts) {
      const row = byId.get(id);
      if (row?.digest) links.set(`${outbox} ${row.about.toString('hex')}`, [row.client, row.about, outbox]);
    }
  }
  await insertRows(connection, 'xms.answer', answerColumns, [...links.values()]);
  return new Set(answers.flatMap(({ receipts }) => receipts));
}

async function postpone(connection: Queryable, rows: readonly DueRow[]): Promise<void> {
  if (rows.length === 0) return;
  await connection.query(
    `insert into xms.due (client, about, outcomes, digest, due_at)
     select client, about, outcomes, digest, now() + interval '${postponedFor}'
       from unnest($1::int[], $2::bytea[], $3::jsonb[], $4::bytea[]) k (client, about, outcomes, digest)`,
    [
      rows.map(({ client }) => client),
      rows.map(({ about }) => about),
      rows.map(({ outcomes }) => JSON.stringify(outcomes)),
      rows.map(({ digest }) => digest),
    ],
  );
}

function dueReceipt({ id, client, about, outcomes, digest }: DueRow): DueReceipt {
  return { id, client, about, outcomes: outcomes.map(outcomeOf), ...(digest === null ? {} : { digest }) };
}

function outcomeOf(stored: StoredOutcome): Outcome {
  return typeof stored === 'string'
    ? { kind: 'filed', numero: BigInt(stored) }
    : { kind: 'refused', reason: stored };
}
