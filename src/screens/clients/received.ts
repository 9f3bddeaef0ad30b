/** What a client has written, to read: it counts as read once it was opened by somebody who may answer. */
import type { ReceivedMessage } from '../../core/administration/ports.ts';
import { readReceived } from '../../core/administration/received-message.ts';
import { actPrivileges } from '../../core/operator.ts';
import { printable } from '../../core/printable.ts';
import type { Key } from '../../terminal/key.ts';
import { datedMoment } from '../../text/format.ts';
import type { Desk, Subject } from '../desk.ts';
import type { BindingId } from '../keys.ts';
import { Pager, type PagerLine, wrapped } from '../pager/pager.ts';
import type { PagerScreen } from '../screens.ts';
import { aboutClient } from './named.ts';

/** Columns of a line of the text, and of a value beside its label, at 80 columns. */
const [textWidth, valueWidth] = [77, 54];

export class ReceivedScreen implements PagerScreen {
  readonly places = ['inbox', 'client', 'pager'] as const;
  readonly pager = new Pager();
  readonly about: string;
  readonly title: string;
  readonly subject: Subject;

  constructor(desk: Desk, message: ReceivedMessage) {
    const { client, clientName, subject } = message;
    this.about = aboutClient({ matricule: client, name: clientName });
    this.title = desk.texts.clients.inbox.one(message.id);
    this.subject = { client, answers: subject };
    this.pager.show(linesOf(desk, message));
    void desk.reading(markRead(desk, message));
  }

  get model(): Pager {
    return this.pager;
  }

  hints(): readonly BindingId[] {
    return ['client-answer', 'client-account', 'client-recharge'];
  }

  key(key: Key): boolean {
    return this.pager.key(key);
  }
}

/** Who only looks leaves it to those who answer. */
async function markRead(desk: Desk, { id, readAt }: ReceivedMessage): Promise<void> {
  const { installation, operator } = desk.session;
  const onlyLooks = installation.readOnly || operator.privilege < actPrivileges['client-message-read'];
  if (readAt !== undefined || onlyLooks) return;
  try {
    await readReceived(installation.administration, operator, id);
    // Whoever was quick is back at the list, where it stands as it was.
    desk.refresh();
  } catch (error) {
    desk.fault(error);
  }
}

function linesOf({ texts, language }: Desk, message: ReceivedMessage): PagerLine[] {
  const { clients } = texts;
  const { client, clientName, subject, text, receivedAt, readAt } = message;
  return [
    { label: clients.client, text: aboutClient({ matricule: client, name: clientName }) },
    { label: clients.inbox.received, text: datedMoment(receivedAt, language) },
    ...(readAt === undefined ? [] : [{ label: clients.inbox.read, text: datedMoment(readAt, language) }]),
    ...wrapped(printable(subject), valueWidth).map((line, at) => ({
      label: at === 0 ? clients.subject : '',
      text: line,
    })),
    { text: '' },
    ...text
      .split(/\r?\n/)
      .flatMap(line => wrapped(printable(line), textWidth))
      .map(line => ({ text: line })),
  ];
}
