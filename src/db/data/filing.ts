/** Filing: what becomes of a batch of messages, in one transaction (data.md, "Exactly once"). */
import { amendmentOf } from '../../core/engine/services/export.ts';
import { hex } from '../../core/message.ts';
import type { Arrival, ArrivalOutcome, Reason, RecordOutcome } from '../../core/ports.ts';
import type { Queryable } from '../database.ts';
import { storableReason } from '../storable.ts';
import { type Amendment, amend } from './amendment.ts';
import { repeatReceipts } from './answer.ts';
import { countArrivals, writeAttempts } from './attempt.ts';
import { type Candidate, candidatesOf } from './candidate.ts';
import { writeDue } from './due.ts';
import { type Earlier, readEarlier, remember, writeProvenance } from './provenance.ts';
import { type Filed, insertRecords } from './record.ts';
import { storeRequests } from './request.ts';
import { writeUnbilled } from './unbilled.ts';

export async function fileBatch(
  connection: Queryable,
  arrivals: readonly Arrival[],
): Promise<ArrivalOutcome[]> {
  if (arrivals.length === 0) return [];
  const candidates = arrivals.flatMap(candidatesOf);
  const [, earlier] = await Promise.all([
    takeTurns(connection, arrivals),
    readEarlier(connection, candidates),
  ]);
  const decided: Decided = { outcomes: arrivals.map(() => new Map()), filed: [], renewed: [] };
  await fileCandidates(connection, candidates, earlier, decided);
  const [, asked] = await Promise.all([
    writeProvenance(connection, [...decided.filed, ...decided.renewed], earlier),
    storeRequests(connection, arrivals),
  ]);
  const outcomes = arrivals.map(
    ({ verdict }, place) => asked.get(place) ?? outcomeOf(verdict, decided.outcomes[place]),
  );

  const renewed = new Set(decided.renewed.map(({ candidate }) => candidate.place));
  await Promise.all([
    writeDue(connection, arrivals, outcomes, renewed),
    repeatReceipts(
      connection,
      arrivals.filter((_, place) => outcomes[place]?.kind === 'duplicate' && !renewed.has(place)),
    ),
    writeUnbilled(connection, decided.filed, arrivals),
    writeAttempts(
      connection,
      arrivals,
      outcomes,
      new Map(decided.filed.map(({ candidate, act }) => [candidate.place, act])),
    ),
    countArrivals(connection, outcomes),
  ]);
  return outcomes;
}

interface Decided {
  /** Of each message of the batch: by place of the record. */
  readonly outcomes: readonly Map<number, RecordOutcome>[];
  readonly filed: Filed[];
  /**
   * Records that are not new, in messages that are: a station that lost its own books sends the record again, and gets
   * a receipt for the new message, with the Numero of then and at no charge.
   */
  readonly renewed: Filed[];
}

/**
 * Two engines that file messages of one client take turns; each then sees what the other did. In the order of the
 * matricule, so that they cannot wait for each other in a circle.
 */
async function takeTurns(connection: Queryable, arrivals: readonly Arrival[]): Promise<void> {
  const clients = arrivals.flatMap(({ client, verdict }) =>
    client === undefined || 'refuse' in verdict ? [] : [client],
  );
  const inOrder = [...new Set(clients)].sort((a, b) => a - b);
  await connection.query('select pg_advisory_xact_lock(1481462611, c) from unnest($1::int[]) c', [inOrder]);
}

/**
 * Decides on every candidate. A message or record that stands twice in the batch waits until the first of it is
 * decided: filed, it makes the next one a duplicate; refused by the table, it leaves it its chance.
 */
async function fileCandidates(
  connection: Queryable,
  candidates: readonly Candidate[],
  earlier: Earlier,
  decided: Decided,
): Promise<void> {
  for (let open = candidates; open.length > 0; ) {
    const { fresh, amendments, later } = settleKnown(open, earlier, decided);
    for (const amendment of amendments) {
      const { candidate, numero } = amendment;
      const reason = await amend(connection, amendment);
      decide(decided, candidate, reason ? refusal(reason) : { kind: 'filed', numero });
      if (reason) continue;
      remember(earlier, amendment);
      decided.filed.push(amendment);
    }
    const inserted = await insertRecords(connection, fresh);
    for (const filed of inserted.filed) {
      decide(decided, filed.candidate, { kind: 'filed', numero: filed.numero });
      remember(earlier, filed);
    }
    for (const { candidate, reason } of inserted.refused) decide(decided, candidate, refusal(reason));
    decided.filed.push(...inserted.filed);
    open = later;
  }
}

function decide({ outcomes }: Decided, { place, index }: Candidate, outcome: RecordOutcome): void {
  outcomes[place]?.set(index, outcome);
}

interface Settled {
  readonly fresh: Candidate[];
  readonly amendments: Amendment[];
  readonly later: Candidate[];
}

/** Settles what was filed before; of the rest, the first of each message and record is fresh, the others come later. */
function settleKnown(candidates: readonly Candidate[], earlier: Earlier, decided: Decided): Settled {
  const settled: Settled = { fresh: [], amendments: [], later: [] };
  /** By key, the message that came first: its own records do not wait for each other. */
  const messages = new Map<string, number>();
  const records = new Set<string>();
  for (const candidate of candidates) {
    const { messageKey: message, recordKey: record } = candidate;
    const ofMessage = outcomeOfMessage(candidate, earlier);
    if (ofMessage) {
      decide(decided, candidate, ofMessage);
      continue;
    }
    if (records.has(record) || (messages.get(message) ?? candidate.place) !== candidate.place) {
      settled.later.push(candidate);
      continue;
    }
    const known = earlier.byRecord.get(record);
    const amendment = amendmentOf(candidate.record, hex(candidate.content), known);
    if (typeof amendment === 'object') {
      decide(decided, candidate, refusal(amendment.refuse));
    } else if (known && amendment === 'same') {
      decide(decided, candidate, { kind: 'duplicate', numero: known.numero });
      const act = known.isCancelled ? ({ act: 'cancelled' } as const) : {};
      const again: Filed = { candidate, numero: known.numero, ...act };
      decided.renewed.push(again);
      remember(earlier, again);
    } else {
      if (known && amendment !== 'new' && amendment !== 'same') {
        settled.amendments.push({ candidate, numero: known.numero, act: amendment });
      } else {
        settled.fresh.push(candidate);
      }
      messages.set(message, candidate.place);
      records.add(record);
    }
  }
  return settled;
}

/** Of a record that was filed with its message before, or with another one under its id; undefined: there is none. */
function outcomeOfMessage(candidate: Candidate, { byMessage }: Earlier): RecordOutcome | undefined {
  const same = byMessage.get(candidate.messageKey);
  if (!same) return undefined;
  if (same.digest !== hex(candidate.opened.digest)) return refusal({ code: 'message-id-reused', params: {} });
  const numero = same.numeros.get(candidate.index);
  return numero === undefined ? undefined : { kind: 'duplicate', numero };
}

/** Of a message, from those of its records. */
function outcomeOf(
  verdict: Arrival['verdict'],
  decided: ReadonlyMap<number, RecordOutcome> | undefined,
): ArrivalOutcome {
  if (!('file' in verdict)) return refusal('refuse' in verdict ? verdict.refuse : unjudged);
  const records = verdict.file.records.map((judged, index) =>
    'refuse' in judged ? refusal(judged.refuse) : (decided?.get(index) ?? refusal(unjudged)),
  );
  const first = records.find(({ kind }) => kind === 'refused');
  if (first?.kind !== 'refused') {
    return { kind: records.every(({ kind }) => kind === 'duplicate') ? 'duplicate' : 'filed', records };
  }
  return records.every(({ kind }) => kind === 'refused')
    ? { kind: 'refused', reason: first.reason, records }
    : { kind: 'partly', records };
}

/** A verdict to file, or to answer, always comes with the client and the opened message. */
const unjudged: Reason = { code: 'internal-fault', params: { detail: 'no client' } };

function refusal(reason: Reason): RecordOutcome & { readonly kind: 'refused' } {
  return { kind: 'refused', reason: storableReason(reason) };
}
