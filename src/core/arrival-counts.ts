/** What a batch adds to the counts that people see. */
import type { Counts } from './engine-status.ts';
import type { ArrivalOutcome } from './ports.ts';

/**
 * Messages received; records filed and refused, of which most messages hold one. A message that was refused as a whole
 * counts as one refused, whatever it holds.
 */
export function countsOf(outcomes: readonly ArrivalOutcome[]): Omit<Counts, 'sent'> {
  let [filed, refused] = [0, 0];
  for (const outcome of outcomes) {
    const records = 'records' in outcome ? outcome.records : undefined;
    for (const { kind } of records ?? []) {
      if (kind === 'filed') filed++;
      else if (kind === 'refused') refused++;
    }
    if (outcome.kind === 'refused' && !records) refused++;
  }
  return { received: outcomes.length, filed, refused };
}
