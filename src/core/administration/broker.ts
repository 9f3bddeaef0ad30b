/** The brokers that are known, and the one that is used. */
import { XmError } from '../errors.ts';
import { demand, type Operator } from '../operator.ts';
import { perform } from './act.ts';
import { certificateFacts } from './broker-certificate.ts';
import type { Administration, Broker, BrokerEntry, BrokerTerms, Records } from './ports.ts';

/** Seconds between two signs of life, at most. */
export const usualKeepAliveS = 60;
export const keepAliveLimits = { least: 10, most: 1_200 } as const;

/** Throws `privilege-needed`. */
export async function listBrokers({ store }: Administration, operator: Operator): Promise<Broker[]> {
  demand(operator, 'brokers-view');
  return store.brokers();
}

/** Not selected yet. Throws `privilege-needed`, `broker-url`, `broker-exists`, and what `checked` throws. */
export async function addBroker(
  administration: Administration,
  operator: Operator,
  entry: BrokerEntry,
): Promise<Broker> {
  const url = urlOf(entry.url);
  checked(entry);
  return perform(administration, operator, 'broker-add', async records => {
    const id = await records.insertBroker({ ...entry, url });
    if (id === undefined) throw new XmError('broker-exists', { url });
    const made = await brokerOf(records, id);
    return { result: made, detail: { broker: id, before: null, after: toldOf(made) } };
  });
}

/** What is undefined stays. Throws `privilege-needed`, `broker-unknown`, `broker-url`, `broker-exists`, and what `checked` throws. */
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
    checked(changes, before);
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
 * `broker-url`, and what `checked` throws.
 */
export async function adoptBroker(
  administration: Administration,
  operator: Operator,
  { url: given, userName = '', password, ...terms }: BrokerEntry,
): Promise<Broker> {
  const url = urlOf(given);
  return perform(administration, operator, 'broker-select', async (records, actor) => {
    await records.takeTurn('brokers');
    const all = await records.brokers();
    const [known, selected] = [all.find(one => one.url === url), all.find(one => one.selected)];
    checked(terms, known);
    const account = userName === '' ? {} : { userName, password };
    const id = known?.id ?? (await records.insertBroker({ url, ...account, ...terms }));
    if (id === undefined) throw new XmError('broker-exists', { url });
    if (known) await records.updateBroker(id, { userName, ...account, ...terms });
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

/** How a broker is spoken to once this is kept; what is undefined is as it was. Throws `broker-url`, and what `checked` throws. */
export function brokerAfter(
  changes: Partial<BrokerEntry>,
  known?: Broker,
): BrokerTerms & { readonly url: string } {
  checked(changes, known);
  const pick = <K extends 'authority' | 'clientCertificate' | 'clientKey'>(name: K) => {
    const value = changes[name] ?? known?.[name];
    return value ? { [name]: value } : {};
  };
  const version = changes.mqttVersion ?? known?.mqttVersion ?? 'auto';
  return {
    url: urlOf(changes.url ?? known?.url ?? ''),
    keepAliveS: changes.keepAliveS ?? known?.keepAliveS ?? usualKeepAliveS,
    ...(version === 'auto' ? {} : { mqttVersion: version }),
    ...pick('authority'),
    ...pick('clientCertificate'),
    ...pick('clientKey'),
  };
}

/** For the journal: never the password itself, and of certificates whose they are. */
function toldOf(broker: Broker) {
  const { url, userName = null, hasPassword, mqttVersion = 'auto', keepAliveS, clientKey = null } = broker;
  return {
    url,
    userName,
    hasPassword,
    mqttVersion,
    keepAliveS,
    authority: fingerprints(broker.authority),
    clientCertificate: fingerprints(broker.clientCertificate),
    clientKey,
  };
}

function fingerprints(pem: string | undefined): string[] | null {
  return pem === undefined ? null : certificateFacts(pem).map(({ fingerprint }) => fingerprint);
}

/**
 * What is given, together with what stays of `known`. Throws `broker-keep-alive`, `certificate-invalid`,
 * `broker-key-name`, `broker-key-needed`, `broker-certificate-needed`.
 */
function checked(entry: Partial<BrokerEntry>, known?: Broker): void {
  const { keepAliveS, clientCertificate = known?.clientCertificate, clientKey = known?.clientKey } = entry;
  if (keepAliveS !== undefined) keepAliveOf(keepAliveS);
  for (const pem of [entry.authority, entry.clientCertificate]) if (pem) certificateFacts(pem);
  if (clientCertificate && !clientKey) throw new XmError('broker-key-needed');
  if (clientKey && !clientCertificate) throw new XmError('broker-certificate-needed');
  if (entry.clientKey) keyNameOf(entry.clientKey);
}

/** Throws `broker-keep-alive`. */
export function keepAliveOf(value: number): number {
  const { least, most } = keepAliveLimits;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new XmError('broker-keep-alive', { value, least, most });
}

/** The name of a file of secrets/, and no way out of it. Throws `broker-key-name`. */
export function keyNameOf(name: string): string {
  if (/^\w[\w.-]{0,99}$/.test(name)) return name;
  throw new XmError('broker-key-name', { name });
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
