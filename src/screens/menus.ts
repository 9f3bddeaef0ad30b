/** The menu bar: one line per menu, in the order of the bar. The privilege of a menu is core/operator.ts's. */
import { type Menu, menuPrivileges } from '../core/operator.ts';
import type { Key } from '../terminal/key.ts';
import type { ActId } from './acts.ts';
import type { Desk } from './desk.ts';
import { bindingOf, bindings } from './keys.ts';

export interface MenuEntry {
  readonly id: Menu & keyof Desk['texts']['menus'];
  /** A menu of one act does it at once. */
  readonly acts: readonly [ActId, ...ActId[]];
}

export const menus: readonly MenuEntry[] = [
  {
    id: 'fichier',
    acts: [
      'settings',
      'brokers',
      'tariffs',
      'certificates',
      'requests',
      'own-password',
      'licence',
      'setup',
      'journal',
      'close-session',
      'quit',
    ],
  },
  {
    id: 'utilisateurs',
    acts: ['operators', 'operator-create', 'operator-change', 'operator-password', 'operator-suspend'],
  },
  {
    id: 'clients',
    acts: [
      'clients',
      'client-create',
      'client-change',
      'client-account',
      'client-profile',
      'client-recharge',
      'client-correct',
      'client-invoice',
      'client-status',
      'client-message',
      'client-rights',
      'client-certificates',
      'client-password-reset',
      'client-exchange',
      'inbox',
    ],
  },
  { id: 'signataires', acts: ['signatories', 'signatory-create', 'signatory-change', 'signatory-end'] },
  {
    id: 'transmissions',
    acts: [
      'engine-launch',
      'engine-pause',
      'engine-resume',
      'engine-cycle',
      'engine-subscribe',
      'broker-test',
      'monitor',
      'messages',
      'sent',
      't2d',
    ],
  },
  { id: 'infos', acts: ['infos'] },
];

/** The menus that a privilege opens. */
export function menusFor(privilege: number): readonly MenuEntry[] {
  return menus.filter(({ id }) => privilege >= menuPrivileges[id]);
}

/** The bar while it is open: which menu, and which of its lines. */
export class OpenMenu {
  readonly #menus: readonly MenuEntry[];
  #menu: number;
  #item = 0;

  constructor(all: readonly MenuEntry[], id: MenuEntry['id']) {
    this.#menus = all;
    this.#menu = Math.max(
      0,
      all.findIndex(menu => menu.id === id),
    );
  }

  get menu(): MenuEntry {
    return this.#menus[this.#menu] as MenuEntry;
  }

  get item(): number {
    return this.#item;
  }

  /** An act to be done, `close` to close the bar, or nothing more than a move. */
  key(key: Key): ActId | 'close' | undefined {
    const binding = bindingOf('menu', key);
    if (binding === 'open') return this.menu.acts[this.#item];
    if (binding === 'cancel') return 'close';
    if (binding === 'next-item') this.#moveItem(1);
    else if (binding === 'previous-item') this.#moveItem(-1);
    else if (binding === 'next-menu') this.#moveMenu(1);
    else if (binding === 'previous-menu') this.#moveMenu(-1);
    else return this.#byLetter(key);
    return undefined;
  }

  /** The letter of a line, before that of another menu. */
  #byLetter(key: Key): ActId | undefined {
    const act = this.menu.acts.find(id => letterOf(id) === key.name.toLowerCase());
    if (act) return act;
    const menu = this.#menus.findIndex(({ id }) => bindingOf('everywhere', key) === `menu-${id}`);
    if (menu < 0) return undefined;
    this.#menu = menu;
    this.#item = 0;
    return this.menu.acts.length === 1 ? this.menu.acts[0] : undefined;
  }

  #moveItem(by: 1 | -1): void {
    const { length } = this.menu.acts;
    this.#item = (this.#item + by + length) % length;
  }

  #moveMenu(by: 1 | -1): void {
    this.#menu = (this.#menu + by + this.#menus.length) % this.#menus.length;
    this.#item = 0;
  }
}

/** The key that does an act without the menu; undefined: there is none. */
export function letterOf(act: ActId): string | undefined {
  const { monitor, client, operators, signatories, everywhere } = bindings;
  const all = [...monitor, ...client, ...operators, ...signatories, ...everywhere];
  return all.find(({ id }) => id === act)?.keys.find(key => key.length === 1);
}
