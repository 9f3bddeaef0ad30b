/** Transmissions / Messages: every message that came in, what became of it, and again what was refused. */
import type { MessageRow } from '../../core/console-ports.ts';
import { sentence } from '../../core/errors.ts';
import type { Key } from '../../terminal/key.ts';
import { grouped, moment } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { type Column, List } from '../list/list.ts';
import type { Screen } from '../screens.ts';

export class Messages implements Screen {
  readonly places = ['messages', 'list'] as const;
  readonly list: List<MessageRow>;
  readonly #desk: Desk;

  get model(): List<MessageRow> {
    return this.list;
  }

  constructor(desk: Desk) {
    this.#desk = desk;
    const { installation, lists } = desk.session;
    this.list = new List({
      columns: columnsFor(desk),
      state: lists.of('messages', { sort: 'id', descending: true }),
      load: request => installation.messages.page(request),
      onFault: error => desk.fault(error),
    });
  }

  hints(): readonly BindingId[] {
    const { chosen } = this.list;
    return [
      ...(chosen ? (['open-row'] as const) : []),
      ...(chosen?.outcome === 'refused' ? (['message-retry'] as const) : []),
      'search',
      'sort',
    ];
  }

  key(key: Key): boolean {
    const isTyping = this.list.search !== undefined || this.list.picked !== undefined;
    if (isTyping) return this.list.key(key);
    const binding = bindingOf('messages', key) ?? bindingOf('list', key);
    const { chosen } = this.list;
    if (binding === 'open-row') return chosen !== undefined && this.#open(chosen);
    if (binding === 'message-retry') return chosen !== undefined && this.#retry(chosen);
    return this.list.key(key);
  }

  leave(): boolean {
    return this.list.leave();
  }

  close(): void {
    this.list.close();
  }

  #open({ id }: MessageRow): true {
    this.#desk.open('message', id);
    return true;
  }

  #retry({ id, outcome }: MessageRow): true {
    if (outcome !== 'refused') this.#desk.say(this.#desk.texts.messages.notRefused(id), 'bad');
    else void retryMessage(this.#desk, id).then(() => this.list.refresh());
    return true;
  }
}

/** Asks nothing: to try again can only file what was not, and a repeat is found out. */
export async function retryMessage(desk: Desk, id: number): Promise<void> {
  const { texts, language, session } = desk;
  await desk.busy(texts.messages.retrying(id), async () => {
    const outcome = await session.installation.messages.retry(id);
    if (outcome.kind === 'refused') {
      const { code, params } = outcome.reason;
      desk.say(texts.messages.refusedAgain(sentence(code, params, language)), 'bad');
    } else desk.say(texts.messages.filed(grouped(Number(outcome.numero), language)), 'good');
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
      width: 8,
      text: ({ outcome }) => messages.outcomes[outcome],
      tone: ({ outcome }) => (outcome === 'refused' ? 'bad' : 'plain'),
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
      text: ({ reason, table, service }) =>
        reason ? sentence(reason.code, reason.params, language) : (table ?? service ?? ''),
    },
  ];
}
