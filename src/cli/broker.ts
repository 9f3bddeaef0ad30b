/** `xmserver broker`: the brokers that are known, and the one that is used. */
import {
  addBroker,
  changeBroker,
  listBrokers,
  removeBroker,
  selectBroker,
} from '../core/administration/broker.ts';
import type { Broker } from '../core/administration/ports.ts';
import {
  type AdministrationSession,
  type Command,
  demandSome,
  given,
  needed,
  newPassword,
  numberOf,
} from './administration/session.ts';
import { type Answer, columns } from './pki/session.ts';

const list: Command = async session => {
  const { administration, operator } = session;
  return tableOf(session, await listBrokers(administration, operator));
};

const add: Command = async (session, args) => {
  const { administration, operator, flags, texts } = session;
  const broker = await addBroker(administration, operator, {
    url: needed(session, texts.url, args[0]),
    userName: flags.brokerUser,
    password: await passwordOf(session),
  });
  return { json: broker, lines: [texts.brokerAdded(broker.id)] };
};

const change: Command = async (session, args) => {
  const { administration, operator, flags, texts } = session;
  const id = numberOf(session, texts.number, args[0]);
  const { url, brokerUser: userName } = flags;
  const changes = given({ url, userName, password: await passwordOf(session) });
  demandSome(session, changes);
  return tableOf(session, [await changeBroker(administration, operator, id, changes)]);
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

export const brokerCommands: Readonly<Record<string, Command>> = { list, add, change, select, remove };

/** An account has a password; without an account there is none to ask for, unless it is said to come. */
async function passwordOf(session: AdministrationSession): Promise<string | undefined> {
  const { flags, texts } = session;
  if (flags.brokerUser === undefined && !flags.passwordStdin) return undefined;
  return newPassword(session, texts.brokerPassword);
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
