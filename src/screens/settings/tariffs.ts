/** Fichier / Tarifs: what each service costs, has cost, and will. */
import type { Currency } from '../../core/money/amount.ts';
import type { Tariff } from '../../core/money/tariff.ts';
import type { Keyed, Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { bareAmount, datedMoment } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { Column } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';
import { pageOf } from '../list/whole.ts';

interface TariffRow extends Tariff, Keyed {
  readonly currency: Currency;
  readonly state: 'past' | 'current' | 'future';
}

export class Tariffs extends ListScreen<TariffRow> {
  readonly places = ['tariffs', 'list'] as const;

  constructor(desk: Desk) {
    super(desk, columnsFor(desk), desk.session.lists.of('tariffs', { sort: '', descending: false }));
  }

  get title(): string {
    return this.desk.texts.settings.tariffs.title;
  }

  get nothing(): string {
    return this.desk.texts.settings.tariffs.nothing;
  }

  hints(): readonly BindingId[] {
    return this.list.chosen ? ['change-row', 'tariff-new', 'search'] : ['tariff-new'];
  }

  protected override async load(request: PageRequest): Promise<Page<TariffRow>> {
    const { accounts } = this.desk.session.installation;
    const [tariffs, currency] = await Promise.all([accounts.tariffs(), accounts.currency()]);
    return pageOf(rowsOf(tariffs, currency), request, ({ service }) => service);
  }

  protected override ownKey(key: Key): boolean | undefined {
    const binding = bindingOf('tariffs', key);
    const { chosen } = this.list;
    if (binding === 'tariff-new') this.desk.open('tariff', undefined);
    else if (binding === 'change-row' && chosen) this.desk.open('tariff', chosen);
    else return undefined;
    return true;
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
