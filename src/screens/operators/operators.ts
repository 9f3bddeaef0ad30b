/** Utilisateurs: the operators as a list. */
import { listOperators } from '../../core/administration/operator.ts';
import type { OperatorSheet } from '../../core/administration/ports.ts';
import type { Keyed, Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { calendarDay, localDay } from '../../text/format.ts';
import type { Desk, Subject } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { Column } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';
import { pageOf } from '../list/whole.ts';

type OperatorRow = OperatorSheet & Keyed;

/** By the user name, their key, where nothing else is said. */
const orders: Readonly<Record<string, (a: OperatorRow, b: OperatorRow) => number>> = {
  name: (a, b) => a.name.localeCompare(b.name),
  privilege: (a, b) => a.privilege - b.privilege,
};

export class Operators extends ListScreen<OperatorRow> {
  readonly places = ['operators', 'list'] as const;

  constructor(desk: Desk) {
    super(
      desk,
      columnsFor(desk),
      desk.session.lists.of('operators', { sort: 'userName', descending: false }),
    );
  }

  get subject(): Subject {
    return { operator: this.list.chosen?.userName };
  }

  get title(): string {
    return this.desk.texts.operators.title;
  }

  get nothing(): string {
    return this.desk.texts.operators.nothing;
  }

  hints(): readonly BindingId[] {
    return [
      'operator-create',
      'operator-change',
      'operator-password',
      'operator-suspend',
      'search',
      'help',
      'sort',
    ];
  }

  protected override async load(request: PageRequest): Promise<Page<OperatorRow>> {
    const { installation, operator } = this.desk.session;
    const all = await listOperators(installation.administration, operator);
    const rows = all.map(one => ({ ...one, key: one.userName }));
    return pageOf(
      rows,
      request,
      ({ userName, name, certificateName }) => `${userName} ${name} ${certificateName}`,
      orders[request.sort],
    );
  }

  protected override ownKey(key: Key): boolean | undefined {
    return bindingOf('operators', key) === undefined ? undefined : false;
  }

  protected override openRow({ userName }: OperatorRow): void {
    this.desk.open('operator-change', userName);
  }
}

function columnsFor({ texts, language }: Desk): Column<OperatorRow>[] {
  const { operators } = texts;
  return [
    {
      id: 'userName',
      title: operators.userName,
      width: 16,
      sortable: true,
      text: ({ userName }) => userName,
    },
    { id: 'name', title: operators.name, sortable: true, text: ({ name }) => name },
    {
      id: 'privilege',
      title: operators.privilege,
      width: 26,
      sortable: true,
      text: ({ privilege }) => operators.privilegeLine(privilege, operators.privileges[privilege] ?? ''),
      tone: ({ privilege }) => (privilege === 0 ? 'bad' : 'plain'),
    },
    {
      id: 'created',
      title: operators.created,
      width: 10,
      text: ({ createdAt }) => calendarDay(localDay(createdAt), language),
    },
  ];
}
