/** Transmissions / Envoyés: every SDC that was sealed for a client, when it was sent, and once more if need be. */
import type { SentRow } from '../../core/console-ports.ts';
import { actPrivileges } from '../../core/operator.ts';
import type { Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { grouped, moment } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { Column } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';
import { mayDo } from '../privilege.ts';

export class SentMessages extends ListScreen<SentRow> {
  readonly places = ['sent', 'list'] as const;

  constructor(desk: Desk) {
    super(desk, columnsFor(desk), desk.session.lists.of('sent', { sort: 'id', descending: true }));
  }

  get title(): string {
    return this.desk.texts.sent.title;
  }

  get nothing(): string {
    return this.desk.texts.sent.nothing;
  }

  hints(): readonly BindingId[] {
    const { chosen } = this.list;
    return [
      ...(chosen ? (['open-row'] as const) : []),
      ...(chosen && maySendAgain(chosen, this.desk) ? (['message-resend'] as const) : []),
      'search',
      'sort',
    ];
  }

  protected override load(request: PageRequest): Promise<Page<SentRow>> {
    return this.desk.session.installation.sent.page(request);
  }

  protected override ownKey(key: Key): boolean | undefined {
    const { chosen } = this.list;
    if (bindingOf('sent', key) !== 'message-resend') return undefined;
    if (chosen) void sendAgain(this.desk, chosen).then(() => this.list.refresh());
    return chosen !== undefined;
  }

  protected override openRow({ id }: SentRow): void {
    this.desk.open('sent-message', id);
  }
}

export function maySendAgain({ waits }: SentRow, { session }: Desk): boolean {
  return !waits && session.operator.privilege >= actPrivileges['message-resend'];
}

/** Asks nothing: who gets the same bytes twice finds out that it is a repeat. */
export async function sendAgain(desk: Desk, { id, times }: SentRow): Promise<void> {
  const { sent } = desk.texts;
  if (!mayDo(desk, 'message-resend')) return;
  await desk.busy(sent.sendingAgain(id), async () => {
    const result = await desk.session.installation.sent.sendAgain(id, times);
    desk.say(sent.results[result](id), result === 'queued' ? 'good' : 'plain');
  });
}

export function contentsText({ kind, count, service }: SentRow, { sent }: Desk['texts']): string {
  if (kind === 'receipts') return sent.receipts(count);
  return kind === 'answer' ? sent.answerTo(service ?? '') : sent.kinds[kind];
}

function columnsFor({ texts, language }: Desk): Column<SentRow>[] {
  const { sent } = texts;
  return [
    { id: 'id', title: sent.number, width: 7, align: 'right', sortable: true, text: row => `${row.id}` },
    {
      id: 'client',
      title: sent.client,
      width: 18,
      text: ({ client, clientName = '' }) => `${client} ${clientName}`,
    },
    { id: 'what', title: sent.what, text: row => contentsText(row, texts) },
    {
      id: 'size',
      title: sent.size,
      width: 6,
      align: 'right',
      text: ({ size }) => grouped(size, language),
    },
    {
      id: 'sent',
      title: sent.sent,
      width: 16,
      text: ({ waits, sentAt }) =>
        waits ? sent.waits : sentAt === undefined ? '' : moment(sentAt, Date.now(), language),
    },
    { id: 'times', title: sent.times, width: 5, align: 'right', text: ({ times }) => `${times}` },
  ];
}
