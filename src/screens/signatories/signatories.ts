/** Signataires: who may sign acts, and for which client, as a list. */
import { type Signatory, signatorySorts } from '../../core/administration/ports.ts';
import { listSignatories } from '../../core/administration/signatory.ts';
import type { Keyed } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { calendarDay, localDay } from '../../text/format.ts';
import type { Desk, Subject } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { type Column, List } from '../list/list.ts';
import type { Screen } from '../screens.ts';

type SignatoryRow = Signatory & Keyed;

export class Signatories implements Screen {
  readonly places = ['signatories', 'list'] as const;
  readonly list: List<SignatoryRow>;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
    const { installation, lists, operator } = desk.session;
    this.list = new List<SignatoryRow>({
      columns: columnsFor(desk),
      state: lists.of('signatories', { sort: 'number', descending: false }),
      load: request => {
        const sort = signatorySorts.find(one => one === request.sort) ?? 'number';
        return listSignatories(installation.administration, operator, { ...request, sort });
      },
      onFault: error => desk.fault(error),
    });
  }

  get model(): List<SignatoryRow> {
    return this.list;
  }

  get subject(): Subject {
    return { signatory: this.list.chosen?.id, client: this.list.chosen?.client };
  }

  hints(): readonly BindingId[] {
    return ['signatory-create', 'signatory-change', 'signatory-end', 'search', 'help', 'sort'];
  }

  key(key: Key): boolean {
    const isTyping = this.list.search !== undefined || this.list.picked !== undefined;
    if (isTyping) return this.list.key(key) || key.text !== '';
    if (bindingOf('signatories', key) !== undefined) return false;
    const { chosen } = this.list;
    if (bindingOf('list', key) !== 'open-row') return this.list.key(key);
    if (chosen) this.#desk.open('signatory-change', chosen.id);
    return chosen !== undefined;
  }

  leave(): boolean {
    return this.list.leave();
  }

  resume(): void {
    this.list.refresh();
  }

  close(): void {
    this.list.close();
  }
}

function columnsFor({ texts, language }: Desk): Column<SignatoryRow>[] {
  const { signatories } = texts;
  const day = (text: string | undefined) => (text === undefined ? '' : calendarDay(text, language));
  return [
    {
      id: 'number',
      title: signatories.number,
      width: 5,
      align: 'right',
      sortable: true,
      text: ({ id }) => `${id}`,
    },
    { id: 'name', title: signatories.name, sortable: true, text: ({ name }) => name },
    { id: 'quality', title: signatories.quality, width: 11, text: ({ quality }) => quality },
    {
      id: 'client',
      title: signatories.client,
      width: 14,
      sortable: true,
      text: ({ client, clientName }) => `${client} ${clientName}`,
    },
    { id: 'from', title: signatories.from, width: 10, sortable: true, text: ({ from }) => day(from) },
    {
      id: 'until',
      title: signatories.until,
      width: 10,
      text: ({ until }) => day(until),
      tone: ({ until }) => (until !== undefined && until < localDay(Date.now()) ? 'bad' : 'plain'),
    },
  ];
}
