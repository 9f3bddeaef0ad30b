/** Utilisateurs: the operators as a list. */
import { listOperators } from '../../core/administration/operator.ts';
import type { OperatorSheet } from '../../core/administration/ports.ts';
import type { Keyed } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { calendarDay, localDay } from '../../text/format.ts';
import type { Desk, Subject } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { type Column, List } from '../list/list.ts';
import { pageOf } from '../list/whole.ts';
import type { Screen } from '../screens.ts';

type OperatorRow = OperatorSheet & Keyed;

const orders: Readonly<Record<string, (a: OperatorRow, b: OperatorRow) => number>> = {
  userName: () => 0, // that is their key
  name: (a, b) => a.name.localeCompare(b.name),
  privilege: (a, b) => a.privilege - b.privilege,
};

export class Operators implements Screen {
  readonly places = ['operators', 'list'] as const;
  readonly list: List<OperatorRow>;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
    const { installation, lists, operator } = desk.session;
    this.list = new List<OperatorRow>({
      columns: columnsFor(desk),
      state: lists.of('operators', { sort: 'userName', descending: false }),
      load: async request => {
        const all = await listOperators(installation.administration, operator);
        const rows = all.map(one => ({ ...one, key: one.userName }));
        const words = ({ userName, name, certificateName }: OperatorRow) =>
          `${userName} ${name} ${certificateName}`;
        return pageOf(rows, request, words, orders[request.sort] ?? (() => 0));
      },
      onFault: error => desk.fault(error),
    });
  }

  get model(): List<OperatorRow> {
    return this.list;
  }

  get subject(): Subject {
    return { operator: this.list.chosen?.userName };
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

  key(key: Key): boolean {
    const isTyping = this.list.search !== undefined || this.list.picked !== undefined;
    if (isTyping) return this.list.key(key) || key.text !== '';
    if (bindingOf('operators', key) !== undefined) return false;
    const { chosen } = this.list;
    if (bindingOf('list', key) !== 'open-row') return this.list.key(key);
    if (chosen) this.#desk.open('operator-change', chosen.userName);
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
