/** A list in lines: some rows at a time, numbered on from those that were told before. */
import type { Keyed } from '../../core/page.ts';
import type { List } from '../../screens/list/list.ts';
import type { ListScreen } from '../../screens/list/list-screen.ts';
import { grouped } from '../../text/format.ts';
import type { LineDesk } from './line-desk.ts';
import type { Talk } from './talk.ts';

/** Rows that are told at once: more would have to be listened to. */
export const pageSize = 10;

export class Rows {
  readonly #desk: LineDesk;
  readonly #talk: Talk;
  readonly #screen: ListScreen<Keyed>;
  /** Rows that were told before those of the page that is held. */
  #before = 0;
  /** The page as it was told: each row by its key. */
  #told = new Map<string, string>();
  #head = '';

  constructor(desk: LineDesk, screen: ListScreen<Keyed>) {
    this.#desk = desk;
    this.#talk = desk.talk;
    this.#screen = screen;
  }

  /** `isAsked`: also where nothing has changed since; `isBack`: another screen was on top of it meanwhile. */
  tell(isAsked: boolean, isBack: boolean): void {
    const { page } = this.#list;
    const head = this.#headText();
    const keys = page.rows.map(({ key }) => key);
    const isSame = head === this.#head && keys.join('\n') === [...this.#told.keys()].join('\n');
    if (isAsked || !isSame) {
      this.#before = 0;
      this.#talk.say(head);
      for (const { text } of this.#screen.above) this.#talk.say(text);
      if (keys.length === 0) this.#talk.say(this.#screen.nothing);
    } else if (isBack) this.#talk.say(this.#desk.title);
    const told = new Map(page.rows.map(row => [row.key, this.#text(row)]));
    for (const [place, row] of page.rows.entries()) {
      const text = told.get(row.key) ?? '';
      // Of rows that were told already, those that have become others.
      if (isAsked || !isSame || text !== this.#told.get(row.key)) this.#say(place, text);
    }
    if (isAsked || !isSame) this.#tellWhetherMore();
    this.#head = head;
    this.#told = told;
  }

  /** The rows after those that were told last; false: there are none. */
  goOn(before: readonly Keyed[]): boolean {
    const { page, index } = this.#list;
    if (page.rows === before) return false;
    // The last page is a full one, too: it begins with rows that were told already.
    this.#before += before.length - index;
    for (const [place, row] of page.rows.entries()) if (place >= index) this.#say(place, this.#text(row));
    this.#told = new Map(page.rows.map(row => [row.key, this.#text(row)]));
    this.#tellWhetherMore();
    return true;
  }

  /** False: it is none of those at hand. */
  choose(number: number): boolean {
    const place = number - this.#before - 1;
    const isThere = place >= 0 && place < this.#list.page.rows.length;
    if (isThere) this.#list.choose(place);
    return isThere;
  }

  /** The one that is chosen. */
  sayChosen(): void {
    const { chosen } = this.#list;
    if (chosen) this.#talk.say(this.#talk.lines.chosen(this.#text(chosen)));
  }

  get #list(): List<Keyed> {
    return this.#screen.list;
  }

  #say(place: number, text: string): void {
    this.#talk.say(this.#talk.lines.row(this.#before + place + 1, text));
  }

  #text(row: Keyed): string {
    return this.#list.columns
      .map(({ title, text }) => [title, text(row).trim().replace(/ {2,}/g, ' ')] as const)
      .filter(([, text]) => text !== '')
      .map(part => part.join(' ').trim())
      .join(', ');
  }

  #headText(): string {
    const { lines, language } = this.#talk;
    const { page, state } = this.#list;
    const [found, total] = [page.found, page.total].map(count =>
      count === undefined ? '' : grouped(count, language),
    );
    const count = found && total ? lines.counted(found, total) : found || total || '';
    return lines.list(this.#desk.title, state.search, count);
  }

  #tellWhetherMore(): void {
    const { page, state } = this.#list;
    const all = state.search === '' ? page.total : page.found;
    const isLast = all !== undefined && this.#before + page.rows.length >= all;
    if (page.rows.length === pageSize && !isLast) this.#talk.say(this.#talk.lines.more);
  }
}
