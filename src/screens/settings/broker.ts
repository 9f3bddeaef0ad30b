/** A broker: where it is, who we are to it, how it is spoken to. Its password is typed, and never shown. */
import {
  addBroker,
  adoptBroker,
  brokerAfter,
  changeBroker,
  keepAliveLimits,
  keepAliveOf,
  usualKeepAliveS,
} from '../../core/administration/broker.ts';
import { subjectsOf } from '../../core/administration/broker-certificate.ts';
import type { Broker, BrokerEntry } from '../../core/administration/ports.ts';
import { XmError } from '../../core/errors.ts';
import type { Reason } from '../../core/ports.ts';
import { grouped } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { wordsOf } from '../fault.ts';
import { blaming, type Entry, EntryScreen } from '../form/entry.ts';
import type { FieldOptions, Values } from '../form/form.ts';

const blame = blaming({
  'broker-url': 'url',
  'broker-exists': 'url',
  'broker-version': 'mqttVersion',
  'broker-authority': 'authority',
  'broker-untrusted': 'authority',
  'broker-client-certificate': 'clientCertificate',
  'broker-certificate-needed': 'clientCertificate',
  'broker-key-needed': 'clientKey',
  'broker-key-name': 'clientKey',
});

/** `broker` undefined: a new one. */
export function openBroker(desk: Desk, broker: Broker | undefined): EntryScreen {
  const { installation, operator } = desk.session;
  const { brokers } = desk.texts.settings;
  return entryScreen(desk, broker, async entry => {
    const { url } = entry;
    if (broker) {
      await changeBroker(installation.administration, operator, broker.id, entry);
      return broker.selected ? brokers.changedInUse(url) : brokers.changed(url);
    }
    const { userName, ...others } = entry;
    await addBroker(installation.administration, operator, { ...others, ...(userName ? { userName } : {}) });
    return brokers.added(url);
  });
}

/** The one that engines are to use, at the first use of an installation: kept and chosen at once. */
export function openFirstBroker(desk: Desk, known: Broker | undefined): EntryScreen {
  const { installation, operator } = desk.session;
  const { setup, settings } = desk.texts;
  const keep = async (entry: BrokerEntry) => {
    const made = await adoptBroker(installation.administration, operator, entry);
    return setup.brokerChosen(made.url);
  };
  return entryScreen(desk, known, keep, settings.brokers.add);
}

/** `keep` resolves with what is said then. */
function entryScreen(
  desk: Desk,
  broker: Broker | undefined,
  keep: (entry: BrokerEntry) => Promise<string>,
  title = broker?.url ?? desk.texts.settings.brokers.add,
): EntryScreen {
  const { texts, language, session } = desk;
  const { brokers } = texts.settings;
  const { ownSettings } = session.installation.brokers;
  /** The field whose file is being read: what is wrong with it is wrong with the field. */
  let reading: string | undefined;
  const save: Entry['save'] = async values => {
    const entry = await entryOf(desk, broker, values, field => {
      reading = field;
    });
    const reason = await tried(desk, broker, entry);
    const told = await keep(entry);
    return { told: reason ? brokers.untried(wordsOf(reason, texts, language)) : told };
  };
  return new EntryScreen(desk, () => ({
    title,
    fields: fieldsOf(desk, broker),
    ...(ownSettings.length === 0 ? {} : { notes: [brokers.ownSettings(ownSettings.join(', '))] }),
    save,
    blame: error => reading ?? blame(error),
  }));
}

/** What was typed, with its files read; what was left as it was shown is undefined, and stays. */
async function entryOf(
  { session }: Desk,
  broker: Broker | undefined,
  values: Values,
  onField: (field: string | undefined) => void,
): Promise<BrokerEntry> {
  const { url = '', userName = '', password = '', mqttVersion, keepAliveS, clientKey = '' } = values;
  const { brokers } = session.installation;
  const certificates = async (field: 'authority' | 'clientCertificate') => {
    const typed = values[field] ?? '';
    if (typed === shownCertificates(broker?.[field])) return undefined;
    onField(field);
    return typed === '' ? '' : brokers.certificates(typed);
  };
  const authority = await certificates('authority');
  const clientCertificate = await certificates('clientCertificate');
  onField('clientKey');
  const certificate = clientCertificate ?? broker?.clientCertificate;
  const isOther = clientKey !== (broker?.clientKey ?? '') || clientCertificate !== undefined;
  const key =
    clientKey !== '' && certificate && isOther ? await brokers.keepKey(clientKey, certificate) : clientKey;
  onField(undefined);
  return {
    url,
    userName,
    ...(password === '' ? {} : { password }),
    mqttVersion: mqttVersion === '5' || mqttVersion === '3.1.1' ? mqttVersion : 'auto',
    keepAliveS: Number(keepAliveS),
    authority,
    clientCertificate,
    clientKey: key,
  };
}

/** Where something is typed that the broker can contradict at once, it is asked; undefined: nothing to be told. */
async function tried(
  { session }: Desk,
  broker: Broker | undefined,
  entry: BrokerEntry,
): Promise<Reason | undefined> {
  const [next, before] = [brokerAfter(entry, broker), broker && brokerAfter({}, broker)];
  const isSame = JSON.stringify({ ...next, keepAliveS: 0 }) === JSON.stringify({ ...before, keepAliveS: 0 });
  return isSame ? undefined : session.installation.brokers.tried(next);
}

/** As the field has them; what is typed instead is a file. */
function shownCertificates(pem: string | undefined): string {
  return pem === undefined ? '' : subjectsOf(pem);
}

function fieldsOf({ texts, language }: Desk, broker: Broker | undefined): FieldOptions[] {
  const { brokers, numberNeeded } = texts.settings;
  const [least, most] = [grouped(keepAliveLimits.least, language), grouped(keepAliveLimits.most, language)];
  return [
    {
      id: 'url',
      label: brokers.url,
      value: broker?.url ?? 'mqtts://',
      required: true,
      limit: 200,
      hint: brokers.urlHint,
    },
    {
      id: 'userName',
      label: brokers.userName,
      value: broker?.userName ?? '',
      limit: 200,
      hint: brokers.userNameHint,
    },
    {
      id: 'password',
      label: brokers.password,
      secret: true,
      limit: 200,
      hint: broker?.hasPassword ? brokers.passwordKept : brokers.passwordHint,
    },
    {
      id: 'mqttVersion',
      label: brokers.version,
      value: broker?.mqttVersion ?? 'auto',
      choices: (['auto', '5', '3.1.1'] as const).map(id => ({ id, label: brokers.versions[id] })),
      hint: brokers.versionHint,
    },
    {
      id: 'keepAliveS',
      label: brokers.keepAlive,
      value: `${broker?.keepAliveS ?? usualKeepAliveS}`,
      required: true,
      limit: 5,
      hint: brokers.keepAliveHint(least, most),
      check: value => (isKeepAlive(value) ? undefined : numberNeeded(least, most)),
    },
    {
      id: 'authority',
      label: brokers.authority,
      value: shownCertificates(broker?.authority),
      limit: pathLimit,
      hint: brokers.authorityHint,
    },
    {
      id: 'clientCertificate',
      label: brokers.clientCertificate,
      value: shownCertificates(broker?.clientCertificate),
      limit: pathLimit,
      hint: brokers.clientCertificateHint,
    },
    {
      id: 'clientKey',
      label: brokers.clientKey,
      value: broker?.clientKey ?? '',
      limit: pathLimit,
      hint: brokers.clientKeyHint,
    },
  ];
}

const pathLimit = 1_000;

function isKeepAlive(text: string): boolean {
  try {
    return /^\d+$/.test(text) && keepAliveOf(Number(text)) > 0;
  } catch (error) {
    if (error instanceof XmError) return false;
    throw error;
  }
}
