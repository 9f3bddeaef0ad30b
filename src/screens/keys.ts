/**
 * The one table of keys, by the place where they work: what a screen does on a key, the line of hints, the help and
 * docs/keys.md all come from it. A place's own keys go before those of `everywhere`; a letter works in either case unless
 * both are in the table.
 */
import type { Key } from '../terminal/key.ts';
import type { ConsoleTexts } from '../text/console.ts';

export type BindingId = keyof ConsoleTexts['keys'];
export type Place = keyof ConsoleTexts['help']['places'];

export interface Binding {
  readonly id: BindingId;
  /** Names as in terminal/key.ts; the first one is shown. */
  readonly keys: readonly string[];
}

export const bindings: Readonly<Record<Place, readonly Binding[]>> = {
  everywhere: [
    { id: 'help', keys: ['?'] },
    { id: 'command', keys: [':'] },
    { id: 'menu', keys: ['left', 'right'] },
    { id: 'menu-fichier', keys: ['f'] },
    { id: 'menu-utilisateurs', keys: ['u'] },
    { id: 'menu-clients', keys: ['c'] },
    { id: 'menu-signataires', keys: ['s'] },
    { id: 'menu-transmissions', keys: ['t'] },
    { id: 'menu-infos', keys: ['i'] },
    { id: 'back', keys: ['escape'] },
    { id: 'quit', keys: ['q', 'ctrl-c'] },
    { id: 'copy', keys: ['ctrl-p'] },
    { id: 'redraw', keys: ['ctrl-l'] },
    { id: 'suspend', keys: ['ctrl-z'] },
  ],
  list: [
    { id: 'open-row', keys: ['enter'] },
    { id: 'search', keys: ['/'] },
    { id: 'sort', keys: ['s'] },
    { id: 'refresh', keys: ['r'] },
    { id: 'previous-row', keys: ['up'] },
    { id: 'next-row', keys: ['down'] },
    { id: 'previous-page', keys: ['page-up'] },
    { id: 'next-page', keys: ['page-down', ' '] },
    { id: 'first-row', keys: ['home'] },
    { id: 'last-row', keys: ['end'] },
  ],
  search: [
    { id: 'end-search', keys: ['enter'] },
    { id: 'clear-search', keys: ['escape'] },
  ],
  sorting: [
    { id: 'sort-by', keys: ['enter', 's'] },
    { id: 'previous-column', keys: ['left', 'shift-tab'] },
    { id: 'next-column', keys: ['right', 'tab'] },
    { id: 'cancel', keys: ['escape'] },
  ],
  pager: [
    { id: 'previous-row', keys: ['up'] },
    { id: 'next-row', keys: ['down'] },
    { id: 'previous-page', keys: ['page-up'] },
    { id: 'next-page', keys: ['page-down', ' '] },
    { id: 'first-row', keys: ['home'] },
    { id: 'last-row', keys: ['end'] },
  ],
  messages: [{ id: 'message-retry', keys: ['x'] }],
  message: [
    { id: 'message-raw', keys: ['v'] },
    { id: 'message-retry', keys: ['x'] },
  ],
  sent: [{ id: 'message-resend', keys: ['x'] }],
  'sent-message': [
    { id: 'message-raw', keys: ['v'] },
    { id: 'message-resend', keys: ['x'] },
  ],
  client: [
    { id: 'client-create', keys: ['n'] },
    { id: 'client-account', keys: ['k'] },
    { id: 'client-recharge', keys: ['$'] },
    { id: 'client-invoice', keys: ['f'] },
    { id: 'client-status', keys: ['t'] },
    { id: 'client-message', keys: ['m'] },
    { id: 'client-change', keys: ['c'] },
    { id: 'client-rights', keys: ['d'] },
    { id: 'client-correct', keys: ['o'] },
    { id: 'client-certificates', keys: ['x'] },
    { id: 'client-password-reset', keys: ['z'] },
    { id: 'client-exchange', keys: ['l'] },
    { id: 'inbox', keys: ['b'] },
  ],
  inbox: [{ id: 'client-answer', keys: ['m'] }],
  operators: [
    { id: 'operator-create', keys: ['n'] },
    { id: 'operator-change', keys: ['c'] },
    { id: 'operator-password', keys: ['p'] },
    { id: 'operator-suspend', keys: ['z'] },
    { id: 'certificate-register', keys: ['e'] },
    { id: 'certificate-issue', keys: ['m'] },
  ],
  signatories: [
    { id: 'signatory-create', keys: ['n'] },
    { id: 'signatory-change', keys: ['c'] },
    { id: 'signatory-end', keys: ['z'] },
    { id: 'certificate-register', keys: ['e'] },
    { id: 'certificate-issue', keys: ['m'] },
  ],
  paper: [
    { id: 'paper-print', keys: ['p'] },
    { id: 'paper-send', keys: ['e'] },
  ],
  account: [
    { id: 'month-before', keys: ['-'] },
    { id: 'month-after', keys: ['+'] },
  ],
  brokers: [
    { id: 'change-row', keys: ['enter'] },
    { id: 'broker-add', keys: ['n'] },
    { id: 'broker-choose', keys: ['c'] },
    { id: 'broker-remove', keys: ['d'] },
  ],
  tariffs: [
    { id: 'change-row', keys: ['enter'] },
    { id: 'tariff-new', keys: ['n'] },
  ],
  licence: [{ id: 'licence-enter', keys: ['n'] }],
  certificates: [
    { id: 'certificate-revoke', keys: ['x'] },
    { id: 'requests', keys: ['d'] },
    { id: 'certificate-all', keys: ['a'] },
    { id: 'certificate-register', keys: ['e'] },
    { id: 'certificate-issue', keys: ['m'] },
    { id: 'authorities', keys: ['o'] },
    { id: 'server-renew', keys: ['k'] },
    { id: 'revocation-list', keys: ['l'] },
  ],
  certificate: [{ id: 'certificate-revoke', keys: ['x'] }],
  request: [
    { id: 'request-accept', keys: ['a'] },
    { id: 'request-refuse', keys: ['x'] },
  ],
  journal: [{ id: 'journal-verify', keys: ['v'] }],
  'broker-test': [{ id: 'test-again', keys: ['r'] }],
  subscription: [{ id: 'engine-subscribe', keys: ['r'] }],
  t2d: [
    { id: 't2d-import', keys: ['i'] },
    { id: 't2d-export', keys: ['e'] },
    { id: 't2d-stop', keys: ['x'] },
    { id: 'refresh', keys: ['r'] },
  ],
  setup: [
    { id: 'setup-next', keys: ['enter'] },
    { id: 'setup-skip', keys: ['p'] },
    { id: 'setup-test', keys: ['t'] },
  ],
  'client-certificates': [
    { id: 'certificate-register', keys: ['e'] },
    { id: 'certificate-issue', keys: ['m'] },
  ],
  authorities: [
    { id: 'authority-import', keys: ['n'] },
    { id: 'authority-remove', keys: ['x'] },
  ],
  intake: [{ id: 'intake-enter', keys: ['e'] }],
  monitor: [
    { id: 'engine-launch', keys: ['l'] },
    { id: 'engine-pause', keys: ['a'] },
    { id: 'engine-resume', keys: ['r'] },
    { id: 'engine-cycle', keys: ['c'] },
    { id: 't2d', keys: ['d'] },
    { id: 'inbox', keys: ['b'] },
  ],
  menu: [
    { id: 'open', keys: ['enter'] },
    { id: 'previous-item', keys: ['up'] },
    { id: 'next-item', keys: ['down'] },
    { id: 'previous-menu', keys: ['left', 'shift-tab'] },
    { id: 'next-menu', keys: ['right', 'tab'] },
    { id: 'cancel', keys: ['escape'] },
  ],
  form: [
    { id: 'submit', keys: ['enter'] },
    { id: 'save', keys: ['ctrl-s'] },
    { id: 'next-field', keys: ['tab', 'down'] },
    { id: 'previous-field', keys: ['shift-tab', 'up'] },
    { id: 'clear-field', keys: ['ctrl-u'] },
    { id: 'help', keys: ['ctrl-k'] },
    { id: 'quit', keys: ['ctrl-c'] },
  ],
  prompt: [
    { id: 'run', keys: ['enter'] },
    { id: 'complete', keys: ['tab'] },
    { id: 'cancel', keys: ['escape', 'ctrl-c'] },
  ],
  question: [
    { id: 'choose', keys: ['enter'] },
    { id: 'previous-choice', keys: ['left', 'shift-tab'] },
    { id: 'next-choice', keys: ['right', 'tab'] },
    { id: 'cancel', keys: ['escape', 'ctrl-c'] },
  ],
  start: [
    { id: 'retry', keys: ['r'] },
    { id: 'connexion', keys: ['c'] },
    { id: 'quit', keys: ['ctrl-c', 'q'] },
  ],
};

/** What a key does in a place; undefined: nothing. */
export function bindingOf(place: Place, key: Key): BindingId | undefined {
  const named = (name: string) => bindings[place].find(({ keys }) => keys.includes(name))?.id;
  return named(key.name) ?? (key.text === '' ? undefined : named(key.name.toLowerCase()));
}

/** The key as it is written on screens: `L`, `Ctrl-C`, `Entrée`. */
export function caption(name: string, texts: ConsoleTexts): string {
  const named: Readonly<Record<string, string>> = texts.keyNames;
  const word = named[name];
  if (word !== undefined) return word;
  if (name.startsWith('ctrl-')) return `Ctrl-${name.slice('ctrl-'.length).toUpperCase()}`;
  return name.toUpperCase();
}

/** The caption of the first key of a binding. */
export function captionOf(id: BindingId, places: readonly Place[], texts: ConsoleTexts): string {
  for (const place of places) {
    const [first] = bindings[place].find(binding => binding.id === id)?.keys ?? [];
    if (first !== undefined) return caption(first, texts);
  }
  return '';
}
