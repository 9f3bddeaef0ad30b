/** The brokers that are known, and the one that is used. */
import { XmError } from '../errors.ts';
import { demand, type Operator } from '../operator.ts';
import { perform } from './act.ts';
import type { Administration, Broker, BrokerEntry, Records } from './ports.ts';

/** Throws `privilege-needed`. */
export async function listBrokers({ store }: Administration, operator: Operator): Promise<Broker[]> {
  demand(operator, 'brokers-view');
  return store.brokers();
}

/** Not selected yet. Throws `privilege-needed`, `broker-url`, `broker-exists`. */
export async function addBroker(
  administration: Administration,
  operator: Operator,
  entry: BrokerEntry,
): Promise<Broker> {
  const url = urlOf(entry.url);
  return perform(administration, operator, 'broker-add', async records => {
    const id = await records.insertBroker({ ...entry, url });
    if (id === undefined) throw new XmError('broker-exists', { url });
    const made = await brokerOf(records, id);
    return { result: made, detail: { broker: id, before: null, after: toldOf(made) } };
  });
}

/** What is undefined stays. Throws `privilege-needed`, `broker-unknown`, `broker-url`, `broker-exists`. */
export async function changeBroker(
  administration: Administration,
  operator: Operator,
  id: number,
  changes: Partial<BrokerEntry>,
): Promise<Broker> {
  const url = changes.url === undefined ? undefined : urlOf(changes.url);
  return perform(administration, operator, 'broker-change', async records => {
    await records.takeTurn('brokers');
    const before = await brokerOf(records, id);
    if (!(await records.updateBroker(id, { ...changes, ...(url === undefined ? {} : { url }) }))) {
      throw new XmError('broker-exists', { url: url ?? before.url });
    }
    const after = await brokerOf(records, id);
    const password = changes.password === undefined ? {} : { password: 'changed' };
    return {
      result: after,
      detail: { broker: id, before: toldOf(before), after: { ...toldOf(after), ...password } },
    };
  });
}

/** Engines go over to it when they start. Throws `privilege-needed`, `broker-unknown`. */
export function selectBroker(
  administration: Administration,
  operator: Operator,
  id: number,
): Promise<Broker> {
  return perform(administration, operator, 'broker-select', async records => {
    await records.takeTurn('brokers');
    const selected = (await records.brokers()).find(one => one.selected);
    const { url } = await brokerOf(records, id);
    if (selected?.id !== id) await records.selectBroker(id);
    return {
      result: await brokerOf(records, id),
      detail: selected?.id === id ? undefined : { broker: id, before: selected?.url ?? null, after: url },
    };
  });
}

/**
 * The broker of this URL, added where it is not known, and selected in place of the one before: all of it or nothing. An
 * account without a password keeps the one that is known; without an account there is none. Throws `privilege-needed`,
 * `broker-url`.
 */
export async function adoptBroker(
  administration: Administration,
  operator: Operator,
  { url: given, userName = '', password }: BrokerEntry,
): Promise<Broker> {
  const url = urlOf(given);
  return perform(administration, operator, 'broker-select', async (records, actor) => {
    await records.takeTurn('brokers');
    const all = await records.brokers();
    const [known, selected] = [all.find(one => one.url === url), all.find(one => one.selected)];
    const account = userName === '' ? {} : { userName, password };
    const id = known?.id ?? (await records.insertBroker({ url, ...account }));
    if (id === undefined) throw new XmError('broker-exists', { url });
    if (known) await records.updateBroker(id, { userName, ...account });
    const after = toldOf(await brokerOf(records, id));
    const detail = { broker: id, before: known ? toldOf(known) : null, after };
    const isChanged = password !== undefined || JSON.stringify(detail.before) !== JSON.stringify(after);
    if (isChanged) await records.writeJournal(known ? 'broker-change' : 'broker-add', detail, actor.userName);
    if (selected?.id !== id) await records.selectBroker(id);
    return {
      result: await brokerOf(records, id),
      detail: selected?.id === id ? undefined : { broker: id, before: selected?.url ?? null, after: url },
    };
  });
}

/** Throws `privilege-needed`, `broker-unknown`, `broker-selected`. */
export function removeBroker(
  administration: Administration,
  operator: Operator,
  id: number,
): Promise<Broker> {
  return perform(administration, operator, 'broker-remove', async records => {
    await records.takeTurn('brokers');
    const known = await brokerOf(records, id);
    if (known.selected) throw new XmError('broker-selected', { url: known.url });
    await records.removeBroker(id);
    return { result: known, detail: { broker: id, before: toldOf(known), after: null } };
  });
}

async function brokerOf(records: Pick<Records, 'brokers'>, id: number): Promise<Broker> {
  const broker = (await records.brokers()).find(one => one.id === id);
  if (!broker) throw new XmError('broker-unknown', { id });
  return broker;
}

/** For the journal: never the password itself. */
function toldOf({ url, userName, hasPassword }: Broker) {
  return { url, userName: userName ?? null, hasPassword };
}

/** User and password do not belong into it: it is shown. Throws `broker-url`. */
function urlOf(text: string): string {
  const line = text.trim();
  const url = URL.canParse(line) ? new URL(line) : undefined;
  const isBroker =
    url !== undefined &&
    /^mqtts?:$/.test(url.protocol) &&
    url.hostname !== '' &&
    url.username === '' &&
    url.password === '' &&
    /^\/?$/.test(url.pathname) &&
    url.search === '' &&
    url.hash === '';
  if (!isBroker) throw new XmError('broker-url', { url: line });
  return line.replace(/\/$/, '');
}
