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
  /** The row that was chosen by its number. */
  #chosen: string | undefined;

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

  /** The rows before those at hand, as `goOn`. */
  goBack(from: readonly Keyed[]): boolean {
    const { page } = this.#list;
    if (page.rows === from) return false;
    // The first page is a full one, too: it ends with rows that were told already.
    const known = page.rows.findIndex(({ key }) => key === from[0]?.key);
    const end = known < 0 ? page.rows.length : known;
    this.#before = Math.max(0, this.#before - end);
    for (const [place, row] of page.rows.entries()) if (place < end) this.#say(place, this.#text(row));
    this.#told = new Map(page.rows.map(row => [row.key, this.#text(row)]));
    this.#tellWhetherMore();
    return end > 0;
  }

  /** False: it is none of those at hand. */
  choose(number: number): boolean {
    const place = number - this.#before - 1;
    const row = this.#list.page.rows[place];
    if (!row) return false;
    this.#list.choose(place);
    this.#chosen = row.key;
    return true;
  }

  /** Nothing is done to a row that nobody has chosen: what the screen marks cannot be seen here. */
  release(): void {
    if (this.#list.chosen?.key === this.#chosen) return;
    this.#chosen = undefined;
    this.#list.choose(undefined);
  }

  /** Marked as on the screen, for what can be done to it to be told. */
  mark(): void {
    this.#list.choose(this.#list.index);
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
    const { lines, say } = this.#talk;
    const hasMore = page.rows.length === pageSize && !isLast;
    if (hasMore) say(this.#before > 0 ? lines.moreAndBefore : lines.more);
    else if (this.#before > 0) say(lines.before);
  }
}
