/** `client inbox`, `client read`: what clients have written to the people of the centre. */
import type { ReceivedMessage } from '../../core/administration/ports.ts';
import { listReceived, readReceived } from '../../core/administration/received-message.ts';
import { printable } from '../../core/printable.ts';
import { type Command, limitOf, numberOf, stamp, wholeNumber } from '../administration/session.ts';
import { columns } from '../pki/session.ts';
import { matriculeOf } from './listing.ts';

/** Of a client, or of all. */
export const inbox: Command = async (session, args) => {
  const { administration, operator, flags, texts } = session;
  const limit = limitOf(session);
  const messages = await listReceived(administration, operator, {
    ...(args[0] === undefined ? {} : { client: matriculeOf(session, args[0]) }),
    unread: flags.unread,
    before: flags.before === undefined ? undefined : wholeNumber(session, '--before', flags.before),
    limit,
  });
  const last = messages.at(-1);
  return {
    json: messages.map(told),
    lines: [
      ...(messages.length === 0 ? [texts.none] : columns(messages.map(row))),
      ...(last && messages.length === limit ? [texts.older(last.id)] : []),
    ],
  };
};

/** It counts as read from then on. */
export const read: Command = async (session, args) => {
  const { administration, operator, texts } = session;
  const message = await readReceived(administration, operator, numberOf(session, texts.number, args[0]));
  const { client, clientName, receivedAt, subject, text } = message;
  return {
    json: told(message),
    lines: [
      `${stamp(receivedAt)}  ${client} ${printable(clientName)}`,
      printable(subject),
      '',
      ...text.split(/\r?\n/).map(printable),
    ],
  };
};

function row({ id, client, clientName, subject, receivedAt, readAt }: ReceivedMessage): string[] {
  const mark = readAt === undefined ? '●' : ' ';
  return [mark, `${id}`, stamp(receivedAt), `${client}`, printable(clientName), printable(subject)];
}

function told({ receivedAt, readAt, ...message }: ReceivedMessage) {
  return {
    ...message,
    receivedAt: new Date(receivedAt).toISOString(),
    readAt: readAt === undefined ? null : new Date(readAt).toISOString(),
  };
}
