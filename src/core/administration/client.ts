/** Clients (guide §4.1): created, changed, suspended; what status 3 means for who may do it. */
import { XmError } from '../errors.ts';
import { demand, type Operator } from '../operator.ts';
import { hashPassword } from '../password.ts';
import { difference, perform } from './act.ts';
import { lineOf, matriculeOf, nameLimit, nameOf, referenceOf, statusOf, telephoneOf } from './field.ts';
import type {
  Administration,
  Client,
  ClientProfile,
  ClientQuery,
  ClientSheet,
  ListPage,
  Records,
  TableRight,
} from './ports.ts';
import { settingOf } from './setting.ts';

/** The password that every client begins with, and changes at once (guide §4.1). */
export const initialPassword = 'zerokey';

/** All services, including SDS. */
const sdsStatus = 3;

export interface NewClient extends ClientProfile {
  /** Undefined: the next free one. */
  readonly matricule?: number | undefined;
  /** Decided before it is sent: whoever has lost the answer sends the same again, and has made one client. */
  readonly reference?: string | undefined;
}

/**
 * Gives the client a matricule, an account, the first password and the rights that the settings give to new clients.
 * Throws `privilege-needed`, `limit-clients`, `client-exists`, `recorded-before`, and what its fields throw.
 */
export async function createClient(
  administration: Administration,
  operator: Operator,
  { matricule, reference: given, ...fields }: NewClient,
): Promise<ClientSheet> {
  const profile = profileOf(fields);
  const wanted = matricule === undefined ? undefined : matriculeOf(matricule);
  const reference = given === undefined ? undefined : referenceOf(given);
  const passwordHash = await hashPassword(initialPassword);
  const { clients: limit } = await administration.limits();
  return perform(administration, operator, 'client-create', async (records, actor) => {
    if (profile.status === sdsStatus) demand(actor, 'client-sds');
    await records.takeTurn('clients');
    const before = reference === undefined ? undefined : await records.clientOf(reference);
    if (before !== undefined) {
      return { result: await sameClient(records, before, profile, wanted), detail: undefined };
    }
    if ((await records.countClients({})) >= limit) throw new XmError('limit-clients', { limit });
    const made = await records.insertClient(profile, passwordHash, wanted, reference);
    if (made === undefined) throw new XmError('client-exists', { client: wanted ?? 0 });
    const rights = await initialRights(records);
    await records.writeRights(made, rights);
    return {
      result: await sheetOf(records, made),
      detail: { client: made, before: null, after: { ...profile, rights } },
    };
  });
}

/** Throws `recorded-before` where something else is wanted now. */
async function sameClient(
  records: Records,
  matricule: number,
  profile: ClientProfile,
  wanted: number | undefined,
): Promise<ClientSheet> {
  const sheet = await sheetOf(records, matricule);
  const { name, town, telephone, status } = sheet;
  const isSame = difference({ name, town, telephone, status }, profile) === undefined;
  if (isSame && (wanted ?? matricule) === matricule) return sheet;
  throw new XmError('recorded-before', { number: matricule });
}

/** Throws `privilege-needed`, `client-unknown`, and what its fields throw. */
export function changeClient(
  administration: Administration,
  operator: Operator,
  matricule: number,
  changes: Partial<Omit<ClientProfile, 'status'>>,
): Promise<ClientSheet> {
  return change(administration, operator, 'client-change', matricule, changes);
}

/** "Nouveau statut". Throws `privilege-needed`, `client-unknown`, `client-status-invalid`. */
export function setClientStatus(
  administration: Administration,
  operator: Operator,
  matricule: number,
  status: number,
): Promise<ClientSheet> {
  return change(administration, operator, 'client-status', matricule, { status });
}

/** Throws `privilege-needed`, `client-unknown`. */
export async function showClient(
  { store }: Administration,
  operator: Operator,
  matricule: number,
): Promise<ClientSheet> {
  demand(operator, 'clients-view');
  return sheetOf(store, matricule);
}

/** Throws `privilege-needed`, `client-status-invalid`, `page-unknown`. */
export async function listClients(
  { store }: Administration,
  operator: Operator,
  query: ClientQuery,
): Promise<ListPage<Client>> {
  demand(operator, 'clients-view');
  if (query.status !== undefined) statusOf(query.status);
  return store.clientPage(query);
}

/** How many clients the query finds. Throws `privilege-needed`. */
export async function countClients(
  { store }: Administration,
  operator: Operator,
  filter: Partial<Pick<ClientQuery, 'search' | 'status'>>,
): Promise<number> {
  demand(operator, 'clients-view');
  return store.countClients(filter);
}

/** Begins again with the first password, which somebody has forgotten. Throws `privilege-needed`, `client-unknown`. */
export async function resetClientPassword(
  administration: Administration,
  operator: Operator,
  matricule: number,
): Promise<void> {
  const passwordHash = await hashPassword(initialPassword);
  await perform(administration, operator, 'client-password-reset', async (records, actor) => {
    await lockFor(records, actor, matricule);
    await records.resetClientPassword(matricule, passwordHash);
    return { result: undefined, detail: { client: matricule } };
  });
}

/** The client, locked, for an operator who may change him. Throws `client-unknown`, `privilege-needed`. */
export async function lockFor(records: Records, actor: Operator, matricule: number): Promise<Client> {
  const client = await records.lockClient(matricule);
  if (!client) throw new XmError('client-unknown', { client: matricule });
  if (client.status === sdsStatus) demand(actor, 'client-sds');
  return client;
}

function change(
  administration: Administration,
  operator: Operator,
  act: 'client-change' | 'client-status',
  matricule: number,
  changes: Partial<ClientProfile>,
): Promise<ClientSheet> {
  return perform(administration, operator, act, async (records, actor) => {
    const { name, town, telephone, status } = await lockFor(records, actor, matricule);
    const before = { name, town, telephone, status };
    const after = profileOf({ ...before, ...changes });
    if (after.status === sdsStatus) demand(actor, 'client-sds');
    const changed = difference(before, after);
    if (changed) await records.updateClient(matricule, after);
    return {
      result: await sheetOf(records, matricule),
      detail: changed && { client: matricule, ...changed },
    };
  });
}

function profileOf({ name, town, telephone, status }: ClientProfile): ClientProfile {
  return {
    name: nameOf(name),
    town: lineOf(town, 'town-invalid', nameLimit),
    telephone: telephoneOf(telephone),
    status: statusOf(status),
  };
}

async function initialRights(records: Records): Promise<TableRight[]> {
  const stored = await records.settings();
  const [writes, reads] = [settingOf(stored, 'defaultWrites'), settingOf(stored, 'defaultReads')];
  return [...new Set([...writes, ...reads])].map(table => ({
    table,
    write: writes.includes(table),
    read: reads.includes(table),
  }));
}

async function sheetOf(records: Records, matricule: number): Promise<ClientSheet> {
  const sheet = await records.clientSheet(matricule);
  if (!sheet) throw new XmError('client-unknown', { client: matricule });
  return sheet;
}
