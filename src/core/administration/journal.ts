/** The journal of what operators and the system did: read, and proved whole. */
import { demand, type Operator } from '../operator.ts';
import type { Administration, JournalQuery, JournalRow } from './ports.ts';

/** The newest first. Throws `privilege-needed`. */
export async function listJournal(
  { store }: Administration,
  operator: Operator,
  query: JournalQuery,
): Promise<JournalRow[]> {
  demand(operator, 'journal-view');
  return store.journalPage(query);
}

/** The number of the first row whose hash does not follow from the one before; undefined: whole. Throws `privilege-needed`. */
export async function verifyJournal(
  { store }: Administration,
  operator: Operator,
): Promise<number | undefined> {
  demand(operator, 'journal-view');
  return store.brokenJournalRow();
}
