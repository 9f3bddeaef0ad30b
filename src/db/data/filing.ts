/** Filing: what becomes of a batch of messages, in one transaction (data.md, "Exactly once"). */
import { hex } from '../../core/message.ts';
import type { Arrival, ArrivalOutcome, Reason } from '../../core/ports.ts';
import type { Queryable } from '../database.ts';
import { countArrivals, writeAttempts, writeUnbilled } from './attempt.ts';
import { type Candidate, candidateOf, messageKey, recordKey } from './candidate.ts';
import { type Earlier, readEarlier, repeatReceipts, writeProvenance } from './provenance.ts';
import { writeReceipts } from './receipt.ts';
import { type Filed, insertRecords } from './record.ts';

export async function fileBatch(
  connection: Queryable,
  arrivals: readonly Arrival[],
): Promise<ArrivalOutcome[]> {
  const candidates = arrivals.flatMap(candidateOf);
  // Two engines that file messages of one client take turns; each then sees what the other did. In order of the
  // matricule, so that they cannot wait for each other in a circle.
  const clients = [...new Set(candidates.map(({ client }) => client))].sort((a, b) => a - b);
  await connection.query('select pg_advisory_xact_lock(1481462611, c) from unnest($1::int[]) c', [clients]);

  const outcomes: ArrivalOutcome[] = arrivals.map(({ verdict }) =>
    'refuse' in verdict ? { kind: 'refused', reason: verdict.refuse } : pending,
  );
  const renewed = new Set<number>();
  const fresh = await decide(connection, candidates, outcomes, renewed);
  const { filed, refused } = await insertRecords(connection, fresh);
  for (const { candidate, numero } of filed) outcomes[candidate.index] = { kind: 'filed', numero };
  for (const { candidate, reason } of refused) outcomes[candidate.index] = { kind: 'refused', reason };
  settleFollowers(candidates, outcomes, renewed);

  await writeProvenance(connection, [...filed, ...known(candidates, outcomes, index => renewed.has(index))]);
  await writeReceipts(connection, arrivals, outcomes, renewed);
  await repeatReceipts(
    connection,
    known(candidates, outcomes, index => !renewed.has(index)),
  );
  await writeUnbilled(connection, filed);
  await writeAttempts(connection, arrivals, outcomes);
  await countArrivals(connection, outcomes);
  return outcomes;
}

/** Stands for "not decided yet"; never leaves this file. */
const pending: ArrivalOutcome = {
  kind: 'refused',
  reason: { code: 'internal-fault', params: { detail: 'pending' } },
};

/** The duplicates of one sort, with the Numero of then. */
function known(
  candidates: readonly Candidate[],
  outcomes: readonly ArrivalOutcome[],
  wanted: (index: number) => boolean,
): Filed[] {
  return candidates.flatMap((candidate): Filed[] => {
    const outcome = outcomes[candidate.index];
    return outcome?.kind === 'duplicate' && wanted(candidate.index)
      ? [{ candidate, numero: outcome.numero }]
      : [];
  });
}

/** Settles what was filed before; returns what is new, one of each record. */
async function decide(
  connection: Queryable,
  candidates: readonly Candidate[],
  outcomes: ArrivalOutcome[],
  renewed: Set<number>,
): Promise<Candidate[]> {
  const earlier = await readEarlier(connection, candidates);
  const fresh: Candidate[] = [];
  const seen = new Set<string>();
  for (const candidate of candidates) {
    const outcome = outcomeOfEarlier(candidate, earlier, renewed);
    if (outcome) outcomes[candidate.index] = outcome;
    else if (!seen.has(messageKey(candidate)) && !seen.has(recordKey(candidate))) fresh.push(candidate);
    seen.add(messageKey(candidate)).add(recordKey(candidate));
  }
  return fresh;
}

/**
 * What a message gets of which the like was filed before; undefined: there is none. `renewed` collects the messages
 * that are new but whose record is not: a station that lost its own books sends the record again, and gets a receipt
 * for the new message, with the Numero of then and at no charge.
 */
function outcomeOfEarlier(
  candidate: Candidate,
  earlier: Earlier,
  renewed: Set<number>,
): ArrivalOutcome | undefined {
  const sameMessage = earlier.byMessage.get(messageKey(candidate));
  if (sameMessage) {
    return sameMessage.digest === hex(candidate.arrival.opened.digest)
      ? { kind: 'duplicate', numero: sameMessage.numero }
      : refusal('message-id-reused', {});
  }
  const sameRecord = earlier.byRecord.get(recordKey(candidate));
  if (!sameRecord) return undefined;
  if (sameRecord.content !== hex(candidate.content)) {
    return refusal('record-already-filed', { numero: Number(sameRecord.numero) });
  }
  renewed.add(candidate.index);
  return { kind: 'duplicate', numero: sameRecord.numero };
}

/** A message or record that stands twice in one batch gets what the first of it got. */
function settleFollowers(
  candidates: readonly Candidate[],
  outcomes: ArrivalOutcome[],
  renewed: Set<number>,
): void {
  const byMessage = new Map<string, { digest: string; numero: bigint }>();
  const byRecord = new Map<string, { content: string; numero: bigint }>();
  const refusals = new Map<string, ArrivalOutcome>();
  for (const candidate of candidates) {
    const [message, record] = [messageKey(candidate), recordKey(candidate)];
    if (outcomes[candidate.index] === pending) {
      outcomes[candidate.index] =
        outcomeOfEarlier(candidate, { byMessage, byRecord }, renewed) ??
        refusals.get(message) ??
        refusals.get(record) ??
        pending;
    }
    const outcome = outcomes[candidate.index] as ArrivalOutcome;
    if (outcome.kind !== 'refused') {
      byMessage.set(message, { digest: hex(candidate.arrival.opened.digest), numero: outcome.numero });
      byRecord.set(record, { content: hex(candidate.content), numero: outcome.numero });
    } else {
      refusals.set(message, outcome).set(record, outcome);
    }
  }
}

function refusal(code: Reason['code'], params: Reason['params']): ArrivalOutcome {
  return { kind: 'refused', reason: { code, params } };
}
