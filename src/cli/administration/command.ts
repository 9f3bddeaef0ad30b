/** The commands of administration by their words. */
import { brokerCommands } from '../broker.ts';
import { certificate } from '../client/certificate.ts';
import * as client from '../client/change.ts';
import { exchange } from '../client/exchange.ts';
import { inbox, read } from '../client/inbox.ts';
import { list as listClients, show as showClient } from '../client/listing.ts';
import { message } from '../client/message.ts';
import { rights } from '../client/right.ts';
import { journalCommands } from '../journal.ts';
import * as operator from '../operator/change.ts';
import { list as listOperators, show as showOperator } from '../operator/listing.ts';
import type { Answer } from '../pki/session.ts';
import { settingCommands } from '../setting.ts';
import * as signatory from '../signatory/change.ts';
import { list as listSignatories, show as showSignatory } from '../signatory/listing.ts';
import type { Family } from './call.ts';
import { type AdministrationSession, type Command, usage } from './session.ts';

const commands: Readonly<Record<Family, Readonly<Record<string, Command>>>> = {
  client: {
    create: client.create,
    list: listClients,
    show: showClient,
    change: client.change,
    status: client.status,
    rights,
    exchange,
    message,
    inbox,
    read,
    cert: certificate,
    'password-reset': client.passwordReset,
  },
  operator: {
    create: operator.create,
    list: listOperators,
    show: showOperator,
    change: operator.change,
    suspend: operator.suspend,
    password: operator.password,
  },
  signatory: {
    create: signatory.create,
    list: listSignatories,
    show: showSignatory,
    change: signatory.change,
    end: signatory.end,
  },
  setting: settingCommands,
  broker: brokerCommands,
  journal: journalCommands,
};

/** `args` are the words after the family. Throws `usage` for a command that there is not. */
export function perform(
  family: Family,
  args: readonly string[],
  session: AdministrationSession,
): Promise<Answer> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(commands[family], name) ? commands[family][name] : undefined;
  if (command) return command(session, rest);
  const { commandMissing, unknown } = session.texts;
  throw usage(name === '' ? commandMissing(family) : unknown(`${family} ${name}`));
}
