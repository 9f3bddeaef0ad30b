/** Filing: what becomes of a batch of messages, in one transaction (data.md, "Exactly once"). */
import { hex } from '../../core/message.ts';
import type { Arrival, ArrivalOutcome, Reason } from '../../core/ports.ts';
import type { Queryable } from '../database.ts';
import { storableReason } from '../storable.ts';
import { countArrivals, writeAttempts, writeUnbilled } from './attempt.ts';
import { type Candidate, candidateOf, messageKey, recordKey } from './candidate.ts';
import { type Earlier, readEarlier, remember, repeatReceipts, writeProvenance } from './provenance.ts';
import { writeReceipts } from './receipt.ts';
import { type Filed, insertRecords } from './record.ts';

export async function fileBatch(
  connection: Queryable,
  arrivals: readonly Arrival[],
): Promise<ArrivalOutcome[]> {
  if (arrivals.length === 0) return [];
  const candidates = arrivals.flatMap(candidateOf);
  await takeTurns(connection, candidates);
  const decided: Decided = { outcomes: new Map(), renewed: new Map() };
  const filed = await fileCandidates(connection, candidates, decided);
  const outcomes = arrivals.map(({ verdict }, i) =>
    'refuse' in verdict ? refusal(verdict.refuse) : (decided.outcomes.get(i) ?? unjudged),
  );

  await writeProvenance(connection, [...filed, ...decided.renewed.values()]);
  await writeReceipts(connection, arrivals, outcomes, decided.renewed);
  await repeatReceipts(
    connection,
    candidates.filter(({ index }) => outcomes[index]?.kind === 'duplicate' && !decided.renewed.has(index)),
  );
  await writeUnbilled(connection, filed);
  await writeAttempts(connection, arrivals, outcomes);
  await countArrivals(connection, outcomes);
  return outcomes;
}

interface Decided {
  /** By place in the batch. */
  readonly outcomes: Map<number, ArrivalOutcome>;
  /**
   * Messages that are new about records that are not: a station that lost its own books sends the record again, and
   * gets a receipt for the new message, with the Numero of then and at no charge.
   */
  readonly renewed: Map<number, Filed>;
}

/** A verdict to file always comes with the client and the opened message. */
const unjudged: ArrivalOutcome = {
  kind: 'refused',
  reason: { code: 'internal-fault', params: { detail: 'no client' } },
};

/**
 * Two engines that file messages of one client take turns; each then sees what the other did. In the order of the
 * matricule, so that they cannot wait for each other in a circle.
 */
async function takeTurns(connection: Queryable, candidates: readonly Candidate[]): Promise<void> {
  const clients = [...new Set(candidates.map(({ client }) => client))].sort((a, b) => a - b);
  await connection.query('select pg_advisory_xact_lock(1481462611, c) from unnest($1::int[]) c', [clients]);
}

/**
 * Decides on every candidate; returns what was filed. A message or record that stands twice in the batch waits until
 * the first of it is decided: filed, it makes the next one a duplicate; refused by the table, it leaves it its chance.
 */
async function fileCandidates(
  connection: Queryable,
  candidates: readonly Candidate[],
  decided: Decided,
): Promise<Filed[]> {
  const earlier = await readEarlier(connection, candidates);
  const filed: Filed[] = [];
  for (let open = candidates; open.length > 0; ) {
    const { fresh, later } = settleKnown(open, earlier, decided);
    const inserted = await insertRecords(connection, fresh);
    for (const { candidate, numero } of inserted.filed) {
      decided.outcomes.set(candidate.index, { kind: 'filed', numero });
      remember(earlier, candidate, numero);
    }
    for (const { candidate, reason } of inserted.refused) {
      decided.outcomes.set(candidate.index, refusal(reason));
    }
    filed.push(...inserted.filed);
    open = later;
  }
  return filed;
}

/** Settles what was filed before; of the rest, the first of each message and record is fresh, the others come later. */
function settleKnown(
  candidates: readonly Candidate[],
  earlier: Earlier,
  { outcomes, renewed }: Decided,
): { readonly fresh: Candidate[]; readonly later: Candidate[] } {
  const [fresh, later]: [Candidate[], Candidate[]] = [[], []];
  const seen = new Set<string>();
  for (const candidate of candidates) {
    const keys = [messageKey(candidate), recordKey(candidate)];
    const outcome = outcomeOfMessage(candidate, earlier) ?? outcomeOfRecord(candidate, earlier);
    if (outcome) {
      outcomes.set(candidate.index, outcome);
      if (outcome.kind === 'duplicate' && !earlier.byMessage.has(messageKey(candidate))) {
        renewed.set(candidate.index, { candidate, numero: outcome.numero });
        remember(earlier, candidate, outcome.numero);
      }
    } else if (keys.some(key => seen.has(key))) {
      later.push(candidate);
    } else {
      fresh.push(candidate);
      for (const key of keys) seen.add(key);
    }
  }
  return { fresh, later };
}

/** Of a message that was filed before, the same or another under its id; undefined: there is none. */
function outcomeOfMessage(candidate: Candidate, { byMessage }: Earlier): ArrivalOutcome | undefined {
  const same = byMessage.get(messageKey(candidate));
  if (!same) return undefined;
  return same.digest === hex(candidate.arrival.opened.digest)
    ? { kind: 'duplicate', numero: same.numero }
    : refusal({ code: 'message-id-reused', params: {} });
}

/** Of a record that was filed before, with the same contents or others; undefined: there is none. */
function outcomeOfRecord(candidate: Candidate, { byRecord }: Earlier): ArrivalOutcome | undefined {
  const same = byRecord.get(recordKey(candidate));
  if (!same) return undefined;
  return same.content === hex(candidate.content)
    ? { kind: 'duplicate', numero: same.numero }
    : refusal({ code: 'record-already-filed', params: { numero: Number(same.numero) } });
}

function refusal(reason: Reason): ArrivalOutcome {
  return { kind: 'refused', reason: storableReason(reason) };
}
