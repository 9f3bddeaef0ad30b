/** Clients: all of them, a page at a time. */
import { countClients, listClients } from '../../core/administration/client.ts';
import { type Client, clientSorts } from '../../core/administration/ports.ts';
import type { Currency } from '../../core/money/amount.ts';
import type { Keyed, Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { bareAmount } from '../../text/format.ts';
import type { Desk, Subject } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { type Column, List, type ListState } from '../list/list.ts';
import type { Screen } from '../screens.ts';

type ClientRow = Client & Keyed;

interface Counts {
  readonly search: string;
  readonly found: number;
  readonly total: number;
}

export class Clients implements Screen {
  readonly places = ['client', 'list'] as const;
  readonly list: List<ClientRow>;
  readonly #desk: Desk;
  #currency: Currency = { code: '', decimals: 0 };
  /** How many there are, and how many of them the search finds: counted when the search is new, or read again. */
  #counts: Counts | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.list = new List<ClientRow>({
      columns: this.#columns(),
      state: stateOf(desk),
      load: request => this.#page(request),
      onFault: error => desk.fault(error),
    });
  }

  get model(): List<ClientRow> {
    return this.list;
  }

  get subject(): Subject {
    return { client: this.list.chosen?.matricule };
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

  key(key: Key): boolean {
    const isTyping = this.list.search !== undefined || this.list.picked !== undefined;
    if (isTyping) return this.list.key(key) || key.text !== '';
    if (bindingOf('client', key) !== undefined) return false;
    const { chosen } = this.list;
    if (bindingOf('list', key) !== 'open-row') return this.list.key(key);
    if (chosen) this.#desk.open('client', chosen.matricule);
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

  async #page(request: PageRequest): Promise<Page<ClientRow>> {
    const { installation, operator } = this.#desk.session;
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
    const { installation, operator } = this.#desk.session;
    const count = (filter: string) => countClients(installation.administration, operator, { search: filter });
    // Another search changes nothing of how many there are; read again, both are counted again.
    const isOtherSearch = known !== undefined && known.search !== search;
    const [total, found] = await Promise.all([
      isOtherSearch ? known.total : count(''),
      search === '' ? undefined : count(search),
    ]);
    return { search, total, found: found ?? total };
  }

  #columns(): Column<ClientRow>[] {
    const { clients } = this.#desk.texts;
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
        text: ({ balance }) => bareAmount(BigInt(balance), this.#currency, this.#desk.language),
      },
    ];
  }
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
