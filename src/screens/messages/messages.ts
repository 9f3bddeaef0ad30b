/** Transmissions / Messages: every message that came in, what became of it, and again what was refused. */
import type { MessageRow } from '../../core/console-ports.ts';
import { sentence } from '../../core/errors.ts';
import { actPrivileges } from '../../core/operator.ts';
import type { Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { grouped, moment } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { Column } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';
import { mayDo } from '../privilege.ts';

export class Messages extends ListScreen<MessageRow> {
  readonly places = ['messages', 'list'] as const;

  constructor(desk: Desk) {
    super(desk, columnsFor(desk), desk.session.lists.of('messages', { sort: 'id', descending: true }));
  }

  get title(): string {
    return this.desk.texts.messages.title;
  }

  get nothing(): string {
    return this.desk.texts.messages.nothing;
  }

  hints(): readonly BindingId[] {
    const { chosen } = this.list;
    return [
      ...(chosen ? (['open-row'] as const) : []),
      ...(chosen && mayRetry(chosen, this.desk) ? (['message-retry'] as const) : []),
      'search',
      'sort',
    ];
  }

  protected override load(request: PageRequest): Promise<Page<MessageRow>> {
    return this.desk.session.installation.messages.page(request);
  }

  protected override ownKey(key: Key): boolean | undefined {
    const { chosen } = this.list;
    if (bindingOf('messages', key) !== 'message-retry') return undefined;
    if (chosen) this.#retry(chosen);
    return chosen !== undefined;
  }

  protected override openRow({ id }: MessageRow): void {
    this.desk.open('message', id);
  }

  #retry(row: MessageRow): void {
    const { id } = row;
    if (!isRetriable(row)) this.desk.say(this.desk.texts.messages.notRefused(id), 'bad');
    else void retryMessage(this.desk, id).then(() => this.list.refresh());
  }
}

/** Something of it was refused. */
export function isRetriable({ outcome }: MessageRow): boolean {
  return outcome === 'refused' || outcome === 'partly';
}

export function mayRetry(row: MessageRow, { session }: Desk): boolean {
  return isRetriable(row) && session.operator.privilege >= actPrivileges['message-retry'];
}

/** Asks nothing: to try again can only file what was not, and a repeat is found out. */
export async function retryMessage(desk: Desk, id: number): Promise<void> {
  const { texts, language, session } = desk;
  if (!mayDo(desk, 'message-retry')) return;
  await desk.busy(texts.messages.retrying(id), async () => {
    const outcome = await session.installation.messages.retry(id);
    if (outcome.kind === 'refused') {
      const { code, params } = outcome.reason;
      desk.say(texts.messages.refusedAgain(sentence(code, params, language)), 'bad');
    } else {
      const [first] = 'records' in outcome ? outcome.records : [];
      const numero = first && 'numero' in first ? grouped(Number(first.numero), language) : undefined;
      desk.say(texts.messages.done(texts.messages.outcomes[outcome.kind], numero), 'good');
    }
  });
}

function columnsFor({ texts, language }: Desk): Column<MessageRow>[] {
  const { messages, monitor } = texts;
  return [
    { id: 'id', title: messages.number, width: 7, align: 'right', sortable: true, text: row => `${row.id}` },
    { id: 'at', title: messages.at, width: 11, text: row => moment(row.at, Date.now(), language) },
    {
      id: 'client',
      title: messages.client,
      width: 13,
      text: ({ client, clientName = '' }) =>
        client === undefined ? monitor.unknownSender : `${client} ${clientName}`,
    },
    {
      id: 'outcome',
      title: messages.outcome,
      width: 9,
      text: ({ outcome, act }) => (act ? messages.acts[act] : messages.outcomes[outcome]),
      tone: row => (isRetriable(row) ? 'bad' : 'plain'),
    },
    {
      id: 'numero',
      title: messages.as,
      width: 9,
      align: 'right',
      text: ({ numero }) => (numero === undefined ? '' : grouped(numero, language)),
    },
    {
      id: 'what',
      title: messages.what,
      text: ({ reason, table, service, filed, refused }) => {
        if (reason) return sentence(reason.code, reason.params, language);
        const several = filed === undefined ? '' : ` ${messages.records(filed, refused ?? 0)}`;
        return `${table ?? service ?? ''}${several}`;
      },
    },
  ];
}
