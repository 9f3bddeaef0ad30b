/** `xmserver broker`: the brokers that are known, and the one that is used. */
import {
  addBroker,
  brokerAfter,
  changeBroker,
  listBrokers,
  removeBroker,
  selectBroker,
} from '../core/administration/broker.ts';
import { certificateFacts } from '../core/administration/broker-certificate.ts';
import type { Broker, BrokerEntry } from '../core/administration/ports.ts';
import { sentence, XmError } from '../core/errors.ts';
import {
  type AdministrationSession,
  type Command,
  demandSome,
  given,
  needed,
  newPassword,
  numberOf,
  stamp,
  usage,
} from './administration/session.ts';
import { MachineBrokers } from './machine-brokers.ts';
import { type Answer, columns } from './pki/session.ts';
import { ownBrokerSettings } from './secure-connection.ts';

const versions: Readonly<Record<string, NonNullable<BrokerEntry['mqttVersion']>>> = {
  auto: 'auto',
  5: '5',
  3: '3.1.1',
};

const list: Command = async session => {
  const { administration, operator } = session;
  return tableOf(session, await listBrokers(administration, operator));
};

const show: Command = async (session, args) => {
  const { administration, operator, folder, texts } = session;
  const id = numberOf(session, texts.number, args[0]);
  const broker = (await listBrokers(administration, operator)).find(one => one.id === id);
  if (!broker) throw new XmError('broker-unknown', { id });
  const ownSettings = ownBrokerSettings(folder);
  return { json: { ...broker, ownSettings }, lines: linesOf(session, broker, ownSettings) };
};

const add: Command = async (session, args) => {
  const { administration, operator, flags, texts } = session;
  const url = needed(session, texts.url, args[0]);
  const entry = {
    url,
    userName: flags.brokerUser,
    password: await passwordOf(session),
    ...(await termsOf(session)),
  };
  const untried = await triedWith(session, entry);
  const broker = await addBroker(administration, operator, entry);
  return { json: broker, lines: [texts.brokerAdded(broker.id), ...untried] };
};

const change: Command = async (session, args) => {
  const { administration, operator, flags, texts } = session;
  const id = numberOf(session, texts.number, args[0]);
  const known = (await listBrokers(administration, operator)).find(one => one.id === id);
  const { url, brokerUser: userName } = flags;
  const terms = await termsOf(session, known);
  const changes = given({ url, userName, password: await passwordOf(session), ...terms });
  demandSome(session, changes);
  const isOther = Object.keys(changes).some(name => !['userName', 'password', 'keepAliveS'].includes(name));
  const untried = known && isOther ? await triedWith(session, changes, known) : [];
  const changed = await changeBroker(administration, operator, id, changes);
  const { json, lines } = tableOf(session, [changed]);
  return { json, lines: [...lines, ...untried] };
};

const select: Command = async (session, args) => {
  const { administration, operator, texts } = session;
  const broker = await selectBroker(administration, operator, numberOf(session, texts.number, args[0]));
  return { json: broker, lines: [texts.brokerSelected(broker.url)] };
};

const remove: Command = async (session, args) => {
  const { administration, operator, texts } = session;
  const { id, url } = await removeBroker(administration, operator, numberOf(session, texts.number, args[0]));
  return { json: { removed: id }, lines: [texts.brokerRemoved(url)] };
};

export const brokerCommands: Readonly<Record<string, Command>> = {
  list,
  show,
  add,
  change,
  select,
  remove,
};

/** An account has a password; without an account there is none to ask for, unless it is said to come. */
async function passwordOf(session: AdministrationSession): Promise<string | undefined> {
  const { flags, texts } = session;
  if (flags.brokerUser === undefined && !flags.passwordStdin) return undefined;
  return newPassword(session, texts.brokerPassword);
}

/** As the options have them; the key is of the certificate that is given with it, or known. */
async function termsOf(session: AdministrationSession, known?: Broker): Promise<Partial<BrokerEntry>> {
  const { flags, folder, texts } = session;
  const { mqtt, keepAlive, brokerCa, brokerCert, brokerKey } = flags;
  const brokers = new MachineBrokers(folder);
  const read = (file: string | undefined) => (file ? brokers.certificates(file) : file);
  if (mqtt !== undefined && !Object.hasOwn(versions, mqtt)) {
    throw usage(texts.oneOf('--mqtt', Object.keys(versions).join(', ')));
  }
  const [authority, clientCertificate] = [await read(brokerCa), await read(brokerCert)];
  const certificate = clientCertificate ?? known?.clientCertificate;
  const ofKey = certificate || needed(session, '--broker-cert', brokerKey ? undefined : '');
  return given({
    mqttVersion: mqtt === undefined ? undefined : versions[mqtt],
    keepAliveS: keepAlive,
    authority,
    clientCertificate,
    clientKey: brokerKey ? await brokers.keepKey(brokerKey, ofKey) : brokerKey,
  });
}

/** What is told where it could not be tried. */
async function triedWith(
  { folder, language, texts }: AdministrationSession,
  changes: Partial<BrokerEntry>,
  known?: Broker,
): Promise<string[]> {
  const reason = await new MachineBrokers(folder).tried(brokerAfter(changes, known));
  return reason ? [texts.brokerUntried(sentence(reason.code, reason.params, language))] : [];
}

function linesOf({ texts }: AdministrationSession, broker: Broker, ownSettings: readonly string[]): string[] {
  const whose = (pem: string | undefined) =>
    pem === undefined
      ? texts.none
      : certificateFacts(pem)
          .map(({ subject, notAfter }) => texts.certificateUntil(subject, stamp(notAfter).slice(0, 10)))
          .join('; ');
  return columns([
    [texts.number, `${broker.id}${broker.selected ? ' ●' : ''}`],
    [texts.url, broker.url],
    [texts.brokerUser, broker.userName ?? texts.none],
    ['MQTT', broker.mqttVersion ?? texts.versionAuto],
    [texts.keepAlive, `${broker.keepAliveS} s`],
    [
      texts.brokerAuthority,
      broker.authority === undefined ? texts.usualAuthorities : whose(broker.authority),
    ],
    [texts.clientCertificate, whose(broker.clientCertificate)],
    [texts.clientKey, broker.clientKey === undefined ? texts.none : `secrets/${broker.clientKey}`],
    ...(ownSettings.length === 0 ? [] : [[texts.ownSettings, ownSettings.join(', ')]]),
  ]);
}

function tableOf({ texts }: AdministrationSession, brokers: readonly Broker[]): Answer {
  const head = [texts.number, '', texts.url, texts.brokerUser];
  const cells = brokers.map(({ id, selected, url, userName }) => [
    `${id}`,
    selected ? '●' : '',
    url,
    userName ?? '',
  ]);
  return { json: brokers, lines: cells.length === 0 ? [texts.none] : columns([head, ...cells]) };
}
