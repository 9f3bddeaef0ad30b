/** Signataires: who may sign acts, and for which client, as a list. */
import { type Signatory, signatorySorts } from '../../core/administration/ports.ts';
import { listSignatories } from '../../core/administration/signatory.ts';
import type { Keyed, Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { calendarDay, localDay } from '../../text/format.ts';
import type { Desk, Subject } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { Column } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';

type SignatoryRow = Signatory & Keyed;

export class Signatories extends ListScreen<SignatoryRow> {
  readonly places = ['signatories', 'list'] as const;

  constructor(desk: Desk) {
    super(
      desk,
      columnsFor(desk),
      desk.session.lists.of('signatories', { sort: 'number', descending: false }),
    );
  }

  get subject(): Subject {
    return { signatory: this.list.chosen?.id, client: this.list.chosen?.client };
  }

  get title(): string {
    return this.desk.texts.signatories.title;
  }

  get nothing(): string {
    return this.desk.texts.signatories.nothing;
  }

  hints(): readonly BindingId[] {
    return ['signatory-create', 'signatory-change', 'signatory-end', 'search', 'help', 'sort'];
  }

  protected override load(request: PageRequest): Promise<Page<SignatoryRow>> {
    const { installation, operator } = this.desk.session;
    const sort = signatorySorts.find(one => one === request.sort) ?? 'number';
    return listSignatories(installation.administration, operator, { ...request, sort });
  }

  protected override ownKey(key: Key): boolean | undefined {
    return bindingOf('signatories', key) === undefined ? undefined : false;
  }

  protected override openRow({ id }: SignatoryRow): void {
    this.desk.open('signatory-change', id);
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
