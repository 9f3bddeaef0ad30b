/** What clients have written to the people of the centre: what nobody has read comes first. */
import { type ReceivedMessage, receivedSorts } from '../../core/administration/ports.ts';
import { pageReceived } from '../../core/administration/received-message.ts';
import type { Keyed, Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { moment } from '../../text/format.ts';
import type { Desk, Subject } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { Column, ListState } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';
import { aboutClient } from './named.ts';

type Row = ReceivedMessage & Keyed;

export class Inbox extends ListScreen<Row> {
  readonly places = ['inbox', 'client', 'list'] as const;

  constructor(desk: Desk) {
    super(desk, columnsFor(desk), stateOf(desk));
  }

  get subject(): Subject {
    const { chosen } = this.list;
    return chosen ? { client: chosen.client, answers: chosen.subject } : {};
  }

  get title(): string {
    return this.desk.texts.clients.inbox.title;
  }

  get nothing(): string {
    return this.desk.texts.clients.inbox.nothing;
  }

  hints(): readonly BindingId[] {
    const { chosen } = this.list;
    return [...(chosen ? (['open-row', 'client-answer', 'client-account'] as const) : []), 'search', 'sort'];
  }

  protected override ownKey(key: Key): boolean | undefined {
    const isAct = bindingOf('inbox', key) !== undefined || bindingOf('client', key) !== undefined;
    return isAct ? false : undefined;
  }

  protected override openRow(row: Row): void {
    this.desk.open('received-message', row);
  }

  protected override load(request: PageRequest): Promise<Page<Row>> {
    const { installation, operator } = this.desk.session;
    const sort = receivedSorts.find(one => one === request.sort) ?? 'unread';
    return pageReceived(installation.administration, operator, { ...request, sort });
  }
}

function columnsFor({ texts, language }: Desk): Column<Row>[] {
  const { clients } = texts;
  const { inbox } = clients;
  return [
    {
      id: 'unread',
      title: inbox.state,
      width: 7,
      sortable: true,
      text: ({ readAt }) => (readAt === undefined ? inbox.unreadOne : ''),
      tone: () => 'good',
    },
    {
      id: 'received',
      title: inbox.received,
      width: 16,
      sortable: true,
      text: ({ receivedAt }) => moment(receivedAt, Date.now(), language),
    },
    {
      id: 'client',
      title: clients.client,
      width: 22,
      text: ({ client, clientName }) => aboutClient({ matricule: client, name: clientName }),
    },
    { id: 'subject', title: clients.subject, text: ({ subject }) => subject },
  ];
}

/** `:inbox 1024` and `:inbox mbal` search. */
export function goToInbox(desk: Desk, words: string): void {
  if (words !== '') {
    stateOf(desk).search = words;
    // What is open is left, so that the list begins with this search.
    desk.open('monitor');
  }
  desk.open('inbox');
}

function stateOf({ session }: Desk): ListState {
  return session.lists.of('inbox', { sort: 'unread', descending: true });
}
