/** Clients: all of them, a page at a time. */
import { countClients, listClients } from '../../core/administration/client.ts';
import { type Client, clientSorts } from '../../core/administration/ports.ts';
import type { Currency } from '../../core/money/amount.ts';
import type { Keyed, Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { bareAmount } from '../../text/format.ts';
import type { Desk, Subject } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { Column, ListState } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';

type ClientRow = Client & Keyed;

interface Counts {
  readonly search: string;
  readonly found: number;
  readonly total: number;
}

export class Clients extends ListScreen<ClientRow> {
  readonly places = ['client', 'list'] as const;
  #currency: Currency = { code: '', decimals: 0 };
  /** How many there are, and how many of them the search finds: counted when the search is new, or read again. */
  #counts: Counts | undefined;

  constructor(desk: Desk) {
    super(
      desk,
      columnsFor(desk, () => this.#currency),
      stateOf(desk),
    );
  }

  get subject(): Subject {
    return { client: this.list.chosen?.matricule };
  }

  get title(): string {
    return this.desk.texts.clients.title;
  }

  get nothing(): string {
    return this.desk.texts.clients.nothing;
  }

  hints(): readonly BindingId[] {
    return [
      'search',
      ...(this.list.chosen ? (['open-row'] as const) : []),
      'client-create',
      'client-account',
      'client-recharge',
      'client-status',
      'help',
      'client-invoice',
      'client-message',
      'sort',
    ];
  }

  protected override ownKey(key: Key): boolean | undefined {
    return bindingOf('client', key) === undefined ? undefined : false;
  }

  protected override openRow({ matricule }: ClientRow): void {
    this.desk.open('client', matricule);
  }

  protected override async load(request: PageRequest): Promise<Page<ClientRow>> {
    const { installation, operator } = this.desk.session;
    const { administration, accounts } = installation;
    const sort = clientSorts.find(one => one === request.sort) ?? 'matricule';
    const [page, counts, currency] = await Promise.all([
      listClients(administration, operator, { ...request, sort }),
      this.#count(request),
      this.#currency.code === '' ? accounts.currency() : this.#currency,
    ]);
    this.#currency = currency;
    this.#counts = counts;
    return {
      rows: page.rows,
      total: counts.total,
      ...(request.search === '' ? {} : { found: counts.found }),
    };
  }

  async #count({ search, from }: PageRequest): Promise<Counts> {
    const known = this.#counts;
    const isTurned = typeof from === 'object' && from.side !== 'at';
    if (known?.search === search && isTurned) return known;
    const { installation, operator } = this.desk.session;
    const count = (filter: string) => countClients(installation.administration, operator, { search: filter });
    // Another search changes nothing of how many there are; read again, both are counted again.
    const isOtherSearch = known !== undefined && known.search !== search;
    const [total, found] = await Promise.all([
      isOtherSearch ? known.total : count(''),
      search === '' ? undefined : count(search),
    ]);
    return { search, total, found: found ?? total };
  }
}

function columnsFor({ texts, language }: Desk, currency: () => Currency): Column<ClientRow>[] {
  const { clients } = texts;
  return [
    {
      id: 'matricule',
      title: clients.matricule,
      width: 10,
      align: 'right',
      sortable: true,
      text: ({ matricule }) => `${matricule}`,
    },
    { id: 'name', title: clients.name, sortable: true, text: ({ name }) => name },
    { id: 'town', title: clients.town, width: 16, sortable: true, text: ({ town }) => town },
    {
      id: 'status',
      title: clients.status,
      width: 7,
      align: 'right',
      sortable: true,
      text: ({ status }) => `${status}`,
      tone: ({ status }) => (status === 0 ? 'bad' : 'plain'),
    },
    {
      id: 'balance',
      title: clients.balance,
      width: 12,
      align: 'right',
      sortable: true,
      text: ({ balance }) => bareAmount(BigInt(balance), currency(), language),
    },
  ];
}

/** `:clients 1024` opens that client, `:clients yaound` searches. */
export function goToClients(desk: Desk, words: string): void {
  const isMatricule = /^\d{1,9}$/.test(words);
  if (words !== '' && !isMatricule) stateOf(desk).search = words;
  // What is open is left, so that the list begins with this search.
  if (words !== '') desk.open('monitor');
  desk.open('clients');
  if (isMatricule) desk.open('client', Number(words));
}

function stateOf({ session }: Desk): ListState {
  return session.lists.of('clients', { sort: 'matricule', descending: false });
}
