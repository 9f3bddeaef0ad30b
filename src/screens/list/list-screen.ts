/** A list as a screen of the work area: what every one of them does alike. */
import type { Keyed, Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { grouped } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf, type Place } from '../keys.ts';
import type { PagerLine } from '../pager/pager.ts';
import type { Screen } from '../screens.ts';
import type { TextField } from '../text-field.ts';
import { type Column, List, type ListState } from './list.ts';

export abstract class ListScreen<Row extends Keyed> implements Screen {
  abstract readonly places: readonly Place[];
  readonly list: List<Row>;
  protected readonly desk: Desk;

  /** `state`: what is searched for and sorted by, kept from one opening to the next. */
  constructor(desk: Desk, columns: readonly Column<Row>[], state: ListState) {
    this.desk = desk;
    this.list = new List<Row>({
      columns,
      state,
      load: request => desk.reading(this.load(request)),
      onFault: error => desk.fault(error),
    });
  }

  abstract get title(): string;

  /** How many there are, and of how many, and what is searched for. */
  get tally(): string {
    const { page, state } = this.list;
    const counts = [page.found, page.total]
      .filter(count => count !== undefined)
      .map(count => grouped(count, this.desk.language));
    return [counts.join(' / '), state.search === '' ? '' : `/ ${state.search}`]
      .filter(part => part !== '')
      .join('   ');
  }

  get search(): TextField | undefined {
    return this.list.search;
  }

  /** Said where there is nothing. */
  abstract get nothing(): string;

  /** What stands between the title and the list: as many lines all the time. */
  get above(): readonly PagerLine[] {
    return [];
  }

  get model(): List<Row> {
    return this.list;
  }

  abstract hints(): readonly BindingId[];

  key(key: Key): boolean {
    // A letter that is typed or picked with is no command.
    if (this.list.isTyping) return this.list.key(key) || key.text !== '';
    const isDone = this.ownKey(key);
    if (isDone !== undefined) return isDone;
    const { chosen, sortable } = this.list;
    const binding = bindingOf('list', key);
    if (binding === 'sort' && sortable.length === 0) {
      this.desk.say(this.desk.texts.refusals.oneOrder, 'bad');
      return true;
    }
    if (binding !== 'open-row') return this.list.key(key);
    if (chosen) this.openRow(chosen);
    return chosen !== undefined;
  }

  leave(): boolean {
    return this.list.leave();
  }

  /** What was on top of it may have changed what it shows. */
  resume(): void {
    this.list.refresh();
  }

  close(): void {
    this.list.close();
  }

  protected abstract load(request: PageRequest): Promise<Page<Row>>;

  /** Keys of this list alone; false: an act of the table of acts. Undefined: what every list does with it. */
  protected ownKey(_key: Key): boolean | undefined {
    return undefined;
  }

  protected openRow(_row: Row): void {}
}
