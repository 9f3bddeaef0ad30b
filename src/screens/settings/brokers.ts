/** Fichier / Brokers: those that are known, and the one that engines use. */
import { listBrokers, removeBroker, selectBroker } from '../../core/administration/broker.ts';
import type { Broker } from '../../core/administration/ports.ts';
import type { Keyed } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { pageOfAll } from '../list/all-rows.ts';
import { type Column, List } from '../list/list.ts';
import type { Screen } from '../screens.ts';

type BrokerRow = Broker & Keyed;

export class Brokers implements Screen {
  readonly places = ['brokers', 'list'] as const;
  readonly list: List<BrokerRow>;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
    const { installation, operator, lists } = desk.session;
    this.list = new List({
      columns: columnsFor(desk),
      state: lists.of('brokers', { sort: '', descending: false }),
      load: async request => {
        const brokers = await listBrokers(installation.administration, operator);
        const rows = brokers.map(broker => ({ ...broker, key: `${broker.id}` }));
        return pageOfAll(rows, request, ({ url, userName = '' }) => `${url} ${userName}`);
      },
      onFault: error => desk.fault(error),
    });
  }

  get model(): List<BrokerRow> {
    return this.list;
  }

  hints(): readonly BindingId[] {
    const { chosen } = this.list;
    if (!chosen) return ['broker-add'];
    const other: readonly BindingId[] = chosen.selected ? [] : ['broker-choose', 'broker-remove'];
    return ['broker-add', 'change-row', ...other];
  }

  key(key: Key): boolean {
    if (this.list.search !== undefined) return this.list.key(key);
    const binding = bindingOf('brokers', key);
    const { chosen } = this.list;
    if (binding === 'broker-add') this.#desk.open('broker', undefined);
    else if (!chosen) return this.list.key(key);
    else if (binding === 'change-row') this.#desk.open('broker', chosen);
    else if (binding === 'broker-choose') void this.#choose(chosen);
    else if (binding === 'broker-remove') void this.#remove(chosen);
    else return this.list.key(key);
    return true;
  }

  /** A broker that was entered on top of it is to be seen. */
  shown(): void {
    this.list.refresh();
  }

  leave(): boolean {
    return this.list.leave();
  }

  close(): void {
    this.list.close();
  }

  async #choose({ id, url }: BrokerRow): Promise<void> {
    const { texts, session } = this.#desk;
    await this.#desk.busy(texts.settings.saving, async () => {
      await selectBroker(session.installation.administration, session.operator, id);
      this.#desk.say(texts.settings.brokers.chosen(url), 'good');
    });
    this.list.refresh();
  }

  async #remove({ id, url }: BrokerRow): Promise<void> {
    const { texts, session } = this.#desk;
    const { remove, removed } = texts.settings.brokers;
    const answer = await this.#desk.ask(remove.question(url), [
      { id: 'keep', ...remove.keep },
      { id: 'remove', ...remove.remove },
    ]);
    if (answer !== 'remove') return;
    await this.#desk.busy(texts.settings.saving, async () => {
      await removeBroker(session.installation.administration, session.operator, id);
      this.#desk.say(removed(url), 'good');
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
