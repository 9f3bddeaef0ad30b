/** Fichier / Tarifs: what each service costs, has cost, and will. */
import type { Currency } from '../../core/money/amount.ts';
import type { Tariff } from '../../core/money/tariff.ts';
import type { Keyed } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { bareAmount, datedMoment } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { pageOfAll } from '../list/all-rows.ts';
import { type Column, List } from '../list/list.ts';
import type { Screen } from '../screens.ts';

interface TariffRow extends Tariff, Keyed {
  readonly currency: Currency;
  readonly state: 'past' | 'current' | 'future';
}

export class Tariffs implements Screen {
  readonly places = ['tariffs', 'list'] as const;
  readonly list: List<TariffRow>;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
    const { installation, lists } = desk.session;
    this.list = new List({
      columns: columnsFor(desk),
      state: lists.of('tariffs', { sort: '', descending: false }),
      load: async request => {
        const { accounts } = installation;
        const [tariffs, currency] = await Promise.all([accounts.tariffs(), accounts.currency()]);
        return pageOfAll(rowsOf(tariffs, currency), request, ({ service }) => service);
      },
      onFault: error => desk.fault(error),
    });
  }

  get model(): List<TariffRow> {
    return this.list;
  }

  hints(): readonly BindingId[] {
    return this.list.chosen ? ['change-row', 'tariff-new', 'search'] : ['tariff-new'];
  }

  key(key: Key): boolean {
    if (this.list.search !== undefined) return this.list.key(key);
    const binding = bindingOf('tariffs', key);
    const { chosen } = this.list;
    if (binding === 'tariff-new') this.#desk.open('tariff', undefined);
    else if (binding === 'change-row' && chosen) this.#desk.open('tariff', chosen);
    else return this.list.key(key);
    return true;
  }

  /** A tariff that was set on top of it is to be seen. */
  shown(): void {
    this.list.refresh();
  }

  leave(): boolean {
    return this.list.leave();
  }

  close(): void {
    this.list.close();
  }
}

/** The newest of each service comes first: the first that has begun is the one in force. */
function rowsOf(tariffs: readonly Tariff[], currency: Currency): TariffRow[] {
  const begun = new Set<string>();
  return tariffs.map(tariff => {
    const { service, validFrom = 0 } = tariff;
    const isFuture = validFrom > Date.now();
    const state = isFuture ? 'future' : begun.has(service) ? 'past' : 'current';
    if (!isFuture) begun.add(service);
    return { ...tariff, currency, state, key: `${service} ${validFrom}` };
  });
}

function columnsFor({ texts, language }: Desk): Column<TariffRow>[] {
  const { tariffs } = texts.settings;
  const amount = (of: (row: TariffRow) => bigint) => (row: TariffRow) =>
    bareAmount(of(row), row.currency, language);
  return [
    { id: 'service', title: tariffs.service, width: 10, text: ({ service }) => service },
    {
      id: 'act',
      title: tariffs.perAct,
      width: 12,
      align: 'right',
      text: amount(({ perAct }) => perAct),
    },
    {
      id: 'kilobyte',
      title: tariffs.perKilobyteShort,
      width: 12,
      align: 'right',
      text: amount(({ perKilobyte }) => perKilobyte),
    },
    {
      id: 'from',
      title: tariffs.from,
      width: 16,
      text: ({ validFrom }) => (validFrom === undefined ? tariffs.ever : datedMoment(validFrom, language)),
    },
    { id: 'state', title: '', text: ({ state }) => tariffs.states[state] },
  ];
}
