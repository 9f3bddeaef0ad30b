/** Signatories: the persons entitled to sign acts for a client, from a day on, until a day. */
import { XmError } from '../errors.ts';
import { demand, type Operator } from '../operator.ts';
import { difference, perform } from './act.ts';
import { dayOf, lineOf, nameLimit, nameOf } from './field.ts';
import type {
  Administration,
  ListPage,
  Records,
  Signatory,
  SignatoryEntry,
  SignatoryQuery,
} from './ports.ts';

/**
 * Throws `privilege-needed`, `client-unknown`, `certificate-unknown`, `signatory-exists` (the same name for the same
 * client, in days that overlap), `days-reversed`, and what its fields throw.
 */
export async function createSignatory(
  administration: Administration,
  operator: Operator,
  given: SignatoryEntry,
): Promise<Signatory> {
  const entry = entryOf(given);
  return perform(administration, operator, 'signatory-create', async records => {
    await demandFit(records, entry);
    const id = await records.insertSignatory(entry);
    return {
      result: await signatoryOf(records, id),
      detail: { signatory: id, before: null, after: entry },
    };
  });
}

/** Throws `signatory-unknown`, and what `createSignatory` throws. */
export function changeSignatory(
  administration: Administration,
  operator: Operator,
  id: number,
  changes: Partial<Omit<SignatoryEntry, 'client'>>,
): Promise<Signatory> {
  return change(administration, operator, 'signatory-change', id, changes);
}

/** `until` is the last day of his. Throws what `changeSignatory` throws. */
export function endSignatory(
  administration: Administration,
  operator: Operator,
  id: number,
  until: string,
): Promise<Signatory> {
  return change(administration, operator, 'signatory-end', id, { until });
}

/** Throws `privilege-needed`, `signatory-unknown`. */
export async function showSignatory(
  { store }: Administration,
  operator: Operator,
  id: number,
): Promise<Signatory> {
  demand(operator, 'signatories-view');
  return signatoryOf(store, id);
}

/** Throws `privilege-needed`, `page-unknown`. */
export async function listSignatories(
  { store }: Administration,
  operator: Operator,
  query: SignatoryQuery,
): Promise<ListPage<Signatory>> {
  demand(operator, 'signatories-view');
  return store.signatoryPage(query);
}

function change(
  administration: Administration,
  operator: Operator,
  act: 'signatory-change' | 'signatory-end',
  id: number,
  changes: Partial<Omit<SignatoryEntry, 'client'>>,
): Promise<Signatory> {
  return perform(administration, operator, act, async records => {
    const known = await records.lockSignatory(id);
    if (!known) throw new XmError('signatory-unknown', { id });
    const { client, name, quality, certificate, from, until } = known;
    const before = { client, name, quality, certificate, from, until };
    const after = entryOf({ ...before, ...changes });
    const changed = difference(before, after);
    if (changed) {
      await demandFit(records, after, id);
      await records.updateSignatory(id, after);
    }
    return {
      result: await signatoryOf(records, id),
      detail: changed && { signatory: id, client, ...changed },
    };
  });
}

/** The client is locked meanwhile: two who enter the same person take turns. */
async function demandFit(records: Records, entry: SignatoryEntry, except?: number): Promise<void> {
  const { client, certificate, name } = entry;
  if (!(await records.lockClient(client))) throw new XmError('client-unknown', { client });
  if (certificate !== undefined && !(await records.knowsCertificate(certificate))) {
    throw new XmError('certificate-unknown', { id: certificate });
  }
  const other = await records.overlapping(entry, except);
  if (other !== undefined) throw new XmError('signatory-exists', { name, client, id: other });
}

function entryOf({ client, name, quality, certificate, from, until }: SignatoryEntry): SignatoryEntry {
  const days = { from: dayOf(from), until: until === undefined ? undefined : dayOf(until) };
  if (days.until !== undefined && days.until < days.from) {
    throw new XmError('days-reversed', { from: days.from, until: days.until });
  }
  return {
    client,
    name: nameOf(name),
    quality: lineOf(quality, 'quality-invalid', nameLimit),
    certificate: certificate === undefined ? undefined : keyIdOf(certificate),
    ...days,
  };
}

/** Throws `certificate-unknown`. */
function keyIdOf(text: string): string {
  const digits = text.replaceAll(':', '').toLowerCase();
  if (/^[0-9a-f]{16}$/.test(digits)) return digits;
  throw new XmError('certificate-unknown', { id: text });
}

async function signatoryOf(records: Pick<Records, 'signatory'>, id: number): Promise<Signatory> {
  const signatory = await records.signatory(id);
  if (!signatory) throw new XmError('signatory-unknown', { id });
  return signatory;
}
