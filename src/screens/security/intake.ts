/** What a file holds, before it is entered: shown whole, and entered after a question. */
import type { Key } from '../../terminal/key.ts';
import type { Desk } from '../desk.ts';
import { agreed } from '../form/entry.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { Pager, type PagerLine } from '../pager/pager.ts';
import type { PagerScreen } from '../screens.ts';

export interface IntakeSheet {
  readonly about?: string;
  readonly title: string;
  readonly lines: readonly PagerLine[];
  readonly question: string;
  readonly enter: () => Promise<void>;
  /** What is said then. */
  readonly done: string;
}

export class IntakeScreen implements PagerScreen {
  readonly places = ['intake', 'pager'] as const;
  readonly pager = new Pager();
  readonly #desk: Desk;
  readonly #sheet: IntakeSheet;
  #isClosed = false;

  constructor(desk: Desk, sheet: IntakeSheet) {
    this.#desk = desk;
    this.#sheet = sheet;
    this.pager.show(sheet.lines);
  }

  get about(): string | undefined {
    return this.#sheet.about;
  }

  get title(): string {
    return this.#sheet.title;
  }

  get model(): Pager {
    return this.pager;
  }

  hints(): readonly BindingId[] {
    return ['intake-enter', ...(this.pager.hasMore ? (['next-page'] as const) : [])];
  }

  key(key: Key): boolean {
    if (bindingOf('intake', key) !== 'intake-enter') return this.pager.key(key);
    void this.#enter();
    return true;
  }

  close(): void {
    this.#isClosed = true;
  }

  async #enter(): Promise<void> {
    const { texts } = this.#desk;
    const { question, enter, done } = this.#sheet;
    if (!(await agreed(this.#desk, question))) {
      this.#desk.say(texts.certificateFiles.notEntered);
      return;
    }
    await this.#desk.busy(texts.entry.saving, async () => {
      await enter();
      // Who has left it meanwhile is where he wants to be.
      if (!this.#isClosed) this.#desk.back();
      this.#desk.say(done, 'good');
    });
  }
}
