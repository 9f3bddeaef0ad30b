/**
 * A list in the work area: one page of it, a row chosen, a search, an order. Only the page that is seen is held, and
 * moving past its edge jumps to the next: a row more costs a slow link no more than the marker.
 */
import type { Keyed, Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import type { Tone } from '../desk.ts';
import { bindingOf } from '../keys.ts';
import { Observable } from '../observable.ts';
import { TextField } from '../text-field.ts';

/** What is typed is searched for when the typing pauses. */
const searchAfterMs = 200;
const longestSearch = 60;

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** Columns of the terminal; absent: what is left. */
  readonly width?: number;
  readonly align?: 'left' | 'right';
  readonly sortable?: boolean;
  readonly text: (row: Row) => string;
  readonly tone?: (row: Row) => Tone;
}

/** What stays when a list is left, and holds when it is opened again. */
export interface ListState {
  search: string;
  sort: string;
  descending: boolean;
}

export interface ListOptions<Row extends Keyed> {
  readonly columns: readonly Column<Row>[];
  readonly state: ListState;
  readonly load: (request: PageRequest) => Promise<Page<Row>>;
  readonly onFault: (error: unknown) => void;
}

export class List<Row extends Keyed> extends Observable {
  readonly columns: readonly Column<Row>[];
  readonly state: ListState;
  readonly #options: ListOptions<Row>;
  #page: Page<Row> = { rows: [] };
  #index = 0;
  #isUnchosen = false;
  #height = 0;
  #search: TextField | undefined;
  /** The column that the next Enter sorts by; undefined: none is being picked. */
  #picked: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Of the page that is asked for: what comes for another is out of date. */
  #asked = 0;
  #loading = false;
  #loaded = false;
  /** What is seen is the head of the list: read again, it begins with what has come before its first row. */
  #atStart = true;

  constructor(options: ListOptions<Row>) {
    super();
    this.#options = options;
    this.columns = options.columns;
    this.state = options.state;
  }

  get page(): Page<Row> {
    return this.#page;
  }

  get index(): number {
    return this.#index;
  }

  get chosen(): Row | undefined {
    return this.#isUnchosen ? undefined : this.#page.rows[this.#index];
  }

  /** The field while a search is typed. */
  get search(): TextField | undefined {
    return this.#search;
  }

  /** The title that is marked while an order is picked. */
  get picked(): Column<Row> | undefined {
    return this.#picked === undefined ? undefined : this.sortable[this.#picked];
  }

  /** A search is typed, or an order picked: letters are theirs. */
  get isTyping(): boolean {
    return this.#search !== undefined || this.#picked !== undefined;
  }

  get isLoaded(): boolean {
    return this.#loaded;
  }

  /** Rows that are seen at once. */
  resize(height: number): void {
    if (height === this.#height) return;
    this.#height = height;
    void this.#loadAgain();
  }

  refresh(): void {
    void this.#loadAgain();
  }

  /** From its first row, where it has become another list. */
  begin(): void {
    void this.#load('start', 0);
  }

  searchFor(text: string): void {
    if (text.trim() === this.state.search) return;
    this.state.search = text.trim();
    void this.#load('start', 0);
  }

  /** By the column that it is sorted by already: the other way round. */
  sortBy({ id }: Column<Row>): void {
    this.state.descending = id === this.state.sort && !this.state.descending;
    this.state.sort = id;
    void this.#load('start', 0);
  }

  /** A row of the page; undefined: none, until one is chosen. */
  choose(index: number | undefined): void {
    this.#isUnchosen = index === undefined;
    if (index !== undefined) this.#index = index;
    this.changed();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asked++;
  }

  /** False for a key that does nothing in a list. */
  key(key: Key): boolean {
    const done = this.#search
      ? this.#searchKey(this.#search, key)
      : this.#picked === undefined
        ? this.#listKey(key)
        : this.#pickKey(this.#picked, key);
    if (done) this.changed();
    return done;
  }

  /** Esc first ends what is being typed or picked, then the search. */
  leave(): boolean {
    if (this.state.search === '') return true;
    this.searchFor('');
    return false;
  }

  #listKey(key: Key): boolean {
    const binding = bindingOf('list', key);
    if (binding === 'next-row') this.#moveTo(this.#index + 1);
    else if (binding === 'previous-row') this.#moveTo(this.#index - 1);
    else if (binding === 'next-page') this.#turn('after');
    else if (binding === 'previous-page') this.#turn('before');
    else if (binding === 'first-row') void this.#load('start', 0);
    else if (binding === 'last-row') void this.#load('end', Number.POSITIVE_INFINITY);
    else if (binding === 'refresh') void this.#loadAgain();
    else if (binding === 'search') this.#openSearch();
    else if (binding === 'sort') this.#picked = this.#sortedAt();
    else return false;
    return true;
  }

  #searchKey(field: TextField, key: Key): boolean {
    const binding = bindingOf('search', key);
    if (binding === 'end-search') this.#endSearch();
    else if (binding === 'clear-search') {
      field.value = '';
      this.#endSearch();
    } else if (key.name === 'up' || key.name === 'down') return this.#listKey(key);
    else if (field.key(key)) this.#searchSoon();
    else return false;
    return true;
  }

  #pickKey(picked: number, key: Key): boolean {
    const binding = bindingOf('sorting', key);
    const { length } = this.sortable;
    if (binding === 'next-column') this.#picked = (picked + 1) % length;
    else if (binding === 'previous-column') this.#picked = (picked + length - 1) % length;
    else if (binding === 'sort-by') this.#sortByPicked(picked);
    else if (binding === 'cancel') this.#picked = undefined;
    else return false;
    return true;
  }

  get sortable(): readonly Column<Row>[] {
    return this.columns.filter(({ sortable = false }) => sortable);
  }

  #sortedAt(): number | undefined {
    const at = this.sortable.findIndex(({ id }) => id === this.state.sort);
    return this.sortable.length === 0 ? undefined : Math.max(0, at);
  }

  #sortByPicked(picked: number): void {
    this.#picked = undefined;
    this.sortBy(this.sortable[picked] as Column<Row>);
  }

  #openSearch(): void {
    this.#search = new TextField({ limit: longestSearch });
    this.#search.value = this.state.search;
  }

  #searchSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.searchFor(this.#search?.value ?? ''), searchAfterMs);
  }

  #endSearch(): void {
    clearTimeout(this.#timer);
    const { value = '' } = this.#search ?? {};
    this.#search = undefined;
    this.searchFor(value);
  }

  #moveTo(index: number): void {
    if (index < 0) this.#turn('before');
    else if (index >= this.#page.rows.length) this.#turn('after');
    else this.#index = index;
  }

  /** To the page before, its last row, or to the page after, its first row; at the ends nothing happens. */
  #turn(side: 'before' | 'after'): void {
    const edge = side === 'after' ? this.#page.rows.at(-1) : this.#page.rows[0];
    if (!edge || this.#loading) return;
    void this.#load({ side, key: edge.key }, side === 'after' ? 0 : Number.POSITIVE_INFINITY);
  }

  /** The same page, and the same row where it is still there. */
  #loadAgain(): Promise<void> {
    const [first] = this.#page.rows;
    const from = first && !this.#atStart ? ({ side: 'at', key: first.key } as const) : 'start';
    return this.#load(from, this.#index, this.chosen?.key);
  }

  /**
   * The page asked for, or where that is not a full one, being the first or the last, a full one that holds it: what
   * stays in its place costs nothing. `count` rows of it were asked for, `before` others stand above them.
   */
  async #fullPage(
    from: PageRequest['from'],
  ): Promise<{ readonly page: Page<Row>; readonly before: number; readonly count: number }> {
    const limit = this.#height;
    const load = (place: PageRequest['from']) => this.#options.load({ ...this.state, from: place, limit });
    const page = await load(from);
    const count = page.rows.length;
    const isPart = count > 0 && count < limit && this.#page.rows.length === limit;
    if (typeof from !== 'object' || from.side === 'at' || !isPart) return { page, before: 0, count };
    const whole = await load(from.side === 'after' ? 'end' : 'start');
    const before = from.side === 'after' ? Math.max(0, whole.rows.length - count) : 0;
    return { page: whole, before, count: Math.min(count, whole.rows.length) };
  }

  /** Chooses the row of that key where the page has it, else the one at `index`. */
  async #load(from: PageRequest['from'], index: number, key?: string): Promise<void> {
    if (this.#height === 0) return;
    const asked = ++this.#asked;
    this.#loading = true;
    try {
      const { page, before, count } = await this.#fullPage(from);
      if (asked !== this.#asked) return;
      this.#loaded = true;
      // Past the first or the last row there is no page: where one is, one stays.
      const isPastEnd = page.rows.length === 0 && typeof from === 'object' && from.side !== 'at';
      if (!isPastEnd) {
        const kept = key === undefined ? -1 : page.rows.findIndex(row => row.key === key);
        this.#page = page;
        this.#atStart = from === 'start';
        this.#index = kept >= 0 ? kept : before + Math.max(0, Math.min(index, count - 1));
      }
    } catch (error) {
      if (asked === this.#asked) this.#options.onFault(error);
    } finally {
      if (asked === this.#asked) {
        this.#loading = false;
        this.changed();
      }
    }
  }
}
