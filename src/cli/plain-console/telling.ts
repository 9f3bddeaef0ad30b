/**
 * What the screen on top shows, told: lists, texts and forms each in one way, whatever screen it is; the few that are
 * none of these in a way of their own. A screen of one of the three kinds is told without a line of code here.
 */
import { actPrivileges } from '../../core/operator.ts';
import { EntryScreen } from '../../screens/form/entry.ts';
import { infoRows } from '../../screens/infos/infos.ts';
import { ListScreen } from '../../screens/list/list-screen.ts';
import type { PagerLine } from '../../screens/pager/pager.ts';
import type { PagerScreen, Screen, ScreenId, Screens } from '../../screens/screens.ts';
import { programTexts } from '../../text/program.ts';
import { statusLines } from '../lines.ts';
import { fillIn } from './form.ts';
import { tellHelp } from './help.ts';
import { tellKeys } from './keys.ts';
import type { LineDesk } from './line-desk.ts';
import { pageSize, Rows } from './rows.ts';
import type { Talk } from './talk.ts';

/** Those that are neither a list nor a text nor a form: each must be told here. */
type OtherId = {
  [Id in ScreenId]: Screens[Id] extends EntryScreen | PagerScreen | { readonly list: object } ? never : Id;
}[ScreenId];

/** Told, and gone from the stack: there is nothing to be done in them. Help of the screen is about its keys. */
const others: Readonly<Record<OtherId | 'help', (desk: LineDesk) => void>> = {
  monitor: tellStatus,
  infos: ({ talk, session, texts, title }) => {
    talk.say(title);
    for (const [label, value] of infoRows({ texts, session }, session.installation.engine.status))
      talk.labelled(label, value);
  },
  help: ({ talk }) => tellHelp(talk),
};

/** Lines of a text that are told at once. */
const longestText = 24;

export class Telling {
  readonly #desk: LineDesk;
  readonly #rows = new WeakMap<Screen, Rows>();
  /** What is left of the text that was told last. */
  #rest: readonly string[] = [];
  /** Texts as they were told. */
  readonly #texts = new WeakMap<Screen, readonly string[]>();
  /** What was told last is not on top any more where another screen is. */
  #last: Screen | undefined;

  constructor(desk: LineDesk) {
    this.#desk = desk;
    this.#last = desk.top.screen;
  }

  /** Until the screen on top waits for a line: what is under way is waited for, forms are filled in. */
  async tell(): Promise<void> {
    const desk = this.#desk;
    while (desk.end === undefined) {
      await this.#settle();
      const { id, screen } = desk.top;
      if (screen instanceof EntryScreen) {
        await fillIn(desk.talk, screen, () => desk.back(), desk.stack.slice(0, -1));
        desk.takeAsked();
      } else if (isOther(id) && (desk.takeAsked() || !desk.isAtHome)) {
        others[id](desk);
        if (desk.isAtHome) break;
        // It lies over what was told last, which has not changed.
        desk.back();
        desk.takeAsked();
      } else if (this.#isEmpty(screen)) desk.back();
      else break;
    }
    if (desk.end === undefined) this.#tellTop(desk.takeAsked());
  }

  /** The rows of the list on top. */
  rows(): Rows | undefined {
    const { list } = this.#desk;
    return list && this.#rowsOf(list);
  }

  /** What comes after what was told last; false: nothing does. */
  async goOn(): Promise<boolean> {
    const { list } = this.#desk;
    if (list) return this.#turn(list, 'page-down');
    const rest = this.#rest;
    this.#tellSome(rest);
    return rest.length > 0;
  }

  /** What comes before the rows that are at hand; false: nothing does. */
  async goBack(): Promise<boolean> {
    const { list } = this.#desk;
    return list !== undefined && this.#turn(list, 'page-up');
  }

  async #turn(list: NonNullable<LineDesk['list']>, key: 'page-down' | 'page-up'): Promise<boolean> {
    const held = this.#rowsOf(list);
    const { rows } = list.list.page;
    this.#desk.press(key);
    await this.#desk.settled();
    const isTurned = key === 'page-down' ? held.goOn(rows) : held.goBack(rows);
    held.release();
    return isTurned;
  }

  #tellTop(isAsked: boolean): void {
    const desk = this.#desk;
    const { screen }: { readonly screen: Screen } = desk.top;
    const isBack = screen !== this.#last;
    if (isBack) this.#rest = [];
    this.#last = screen;
    const { list } = desk;
    if (list) {
      const rows = this.#rowsOf(list);
      rows.mark();
      rows.tell(isAsked, isBack);
      tellKeys(desk);
      rows.release();
    } else if (isPager(screen)) this.#tellText(screen, isAsked, isBack);
    else if (isBack) desk.talk.say(desk.texts.monitor.title);
  }

  #tellText(screen: PagerScreen, isAsked: boolean, isBack: boolean): void {
    const { talk, title } = this.#desk;
    const told = this.#texts.get(screen);
    const lines = textsOf(screen.pager.whole, talk);
    const isSame = told !== undefined && told.join('\n') === lines.join('\n');
    if (isBack || !isSame || isAsked) talk.say(title);
    if (!isSame || isAsked) {
      this.#tellSome(lines);
      tellKeys(this.#desk);
    }
    this.#texts.set(screen, lines);
  }

  #tellSome(lines: readonly string[]): void {
    const { say, lines: words } = this.#desk.talk;
    // One line more is sooner heard than asked for.
    const end = lines.length > longestText + 1 ? longestText : lines.length;
    lines.slice(0, end).forEach(say);
    this.#rest = lines.slice(end);
    if (this.#rest.length > 0) say(words.more);
  }

  /** Where what takes long can be ended, it is told by and by, and Enter ends it. */
  async #settle(): Promise<void> {
    const desk = this.#desk;
    const { screen }: { readonly screen: Screen } = desk.top;
    desk.list?.list.resize(pageSize);
    if (isPager(screen) && screen.leave && !desk.isSettled) await this.#follow(screen);
    await desk.settled();
    // A list that came to light by that has not been read yet.
    if (screen !== desk.top.screen) await this.#settle();
  }

  async #follow(screen: PagerScreen): Promise<void> {
    const { talk, title } = this.#desk;
    const ended = new AbortController();
    const told: string[] = [];
    const tellNew = () => {
      const known = [...told];
      for (const line of textsOf(screen.pager.whole, talk)) {
        const at = known.indexOf(line);
        if (at >= 0) known.splice(at, 1);
        else {
          talk.say(line);
          told.push(line);
        }
      }
    };
    talk.say(title);
    tellNew();
    talk.say(talk.lines.ends);
    const stop = screen.pager.subscribe(tellNew);
    void talk.input.emptyLine(ended.signal).then(() => ended.signal.aborted || screen.leave?.());
    try {
      await this.#desk.settled();
    } finally {
      stop();
      ended.abort();
    }
    this.#texts.set(screen, textsOf(screen.pager.whole, talk));
    this.#last = screen;
    this.#desk.takeAsked();
    tellKeys(this.#desk);
  }

  /** What it shows could not be read, which was said. */
  #isEmpty(screen: Screen): boolean {
    if (screen instanceof ListScreen) return !screen.list.isLoaded;
    return isPager(screen) && screen.pager.whole.length === 0;
  }

  #rowsOf(screen: NonNullable<LineDesk['list']>): Rows {
    const rows = this.#rows.get(screen) ?? new Rows(this.#desk, screen);
    this.#rows.set(screen, rows);
    return rows;
  }
}

function isOther(id: ScreenId): id is keyof typeof others {
  return Object.hasOwn(others, id);
}

function isPager(screen: Screen): screen is PagerScreen {
  return 'pager' in screen;
}

/** Columns that are set with spaces are told one after the other. */
export function textsOf(lines: readonly PagerLine[], { lines: words }: Talk): string[] {
  return lines
    .map(({ label = '', text }) => {
      const told = text.trim().replace(/ {2,}/g, ', ');
      return label === '' ? told : `${words.prompt(label)}${told}`;
    })
    .filter(line => line !== '');
}

export function tellStatus({ talk, session, texts }: LineDesk): void {
  const { installation, operator } = session;
  const { status } = installation.engine;
  if (installation.databaseLost) talk.say(texts.monitor.databaseLost);
  for (const line of statusLines(status, programTexts[talk.language], talk.language)) talk.say(line);
  if (installation.unreadMessages > 0) talk.say(texts.clients.inbox.unread(installation.unreadMessages));
  if (status) return;
  const { howToLaunch, mayNotLaunch } = texts.monitor;
  const needed = actPrivileges['engine-launch'];
  talk.say(operator.privilege < needed ? mayNotLaunch(needed, operator.privilege) : howToLaunch);
}
