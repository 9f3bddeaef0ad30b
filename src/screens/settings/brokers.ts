/** Fichier / Brokers: those that are known, and the one that engines use. */
import { listBrokers, removeBroker, selectBroker } from '../../core/administration/broker.ts';
import type { Broker } from '../../core/administration/ports.ts';
import type { Keyed, Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { Column } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';
import { pageOf } from '../list/whole.ts';

type BrokerRow = Broker & Keyed;

export class Brokers extends ListScreen<BrokerRow> {
  readonly places = ['brokers', 'list'] as const;

  constructor(desk: Desk) {
    super(desk, columnsFor(desk), desk.session.lists.of('brokers', { sort: '', descending: false }));
  }

  get title(): string {
    return this.desk.texts.settings.brokers.title;
  }

  get nothing(): string {
    return this.desk.texts.settings.brokers.nothing;
  }

  hints(): readonly BindingId[] {
    const { chosen } = this.list;
    if (!chosen) return ['broker-add'];
    const other: readonly BindingId[] = chosen.selected ? [] : ['broker-choose', 'broker-remove'];
    return ['broker-add', 'change-row', ...other];
  }

  protected override async load(request: PageRequest): Promise<Page<BrokerRow>> {
    const { installation, operator } = this.desk.session;
    const brokers = await listBrokers(installation.administration, operator);
    const rows = brokers.map(broker => ({ ...broker, key: `${broker.id}` }));
    return pageOf(rows, request, ({ url, userName = '' }) => `${url} ${userName}`);
  }

  protected override ownKey(key: Key): boolean | undefined {
    const binding = bindingOf('brokers', key);
    const { chosen } = this.list;
    if (binding === 'broker-add') this.desk.open('broker', undefined);
    else if (binding === undefined || !chosen) return undefined;
    else if (binding === 'broker-choose') void this.#choose(chosen);
    else if (binding === 'broker-remove') void this.#remove(chosen);
    else this.desk.open('broker', chosen);
    return true;
  }

  async #choose({ id, url }: BrokerRow): Promise<void> {
    const { texts, session } = this.desk;
    await this.desk.busy(texts.entry.saving, async () => {
      await selectBroker(session.installation.administration, session.operator, id);
      this.desk.say(texts.settings.brokers.chosen(url), 'good');
    });
    this.list.refresh();
  }

  async #remove({ id, url }: BrokerRow): Promise<void> {
    const { texts, session } = this.desk;
    const { remove, removed } = texts.settings.brokers;
    const answer = await this.desk.ask(remove.question(url), [
      { id: 'keep', ...remove.keep },
      { id: 'remove', ...remove.remove },
    ]);
    if (answer !== 'remove') return;
    await this.desk.busy(texts.entry.saving, async () => {
      await removeBroker(session.installation.administration, session.operator, id);
      this.desk.say(removed(url), 'good');
    });
    this.list.refresh();
  }
}

function columnsFor({ texts }: Desk): Column<BrokerRow>[] {
  const { brokers } = texts.settings;
  return [
    { id: 'used', title: '', width: 8, text: ({ selected }) => (selected ? brokers.used : '') },
    { id: 'url', title: brokers.url, text: ({ url }) => url },
    { id: 'user', title: brokers.userName, width: 18, text: ({ userName = '' }) => userName },
    {
      id: 'password',
      title: brokers.password,
      width: 12,
      text: ({ hasPassword }) => (hasPassword ? brokers.kept : brokers.none),
    },
  ];
}
