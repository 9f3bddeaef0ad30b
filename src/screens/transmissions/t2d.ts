/** Transmissions / T2D: the folder that engines watch, and what an import or export by hand does or has done. */
import type { WatchedFolder } from '../../core/console-ports.ts';
import type { Key } from '../../terminal/key.ts';
import { grouped } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { Pager, type PagerLine, wrapped } from '../pager/pager.ts';
import type { PagerScreen } from '../screens.ts';
import type { Report } from './transfer.ts';
import { reportLines } from './transfer-report.ts';

const adviceWidth = 76;

export class T2dScreen implements PagerScreen {
  readonly places = ['t2d', 'pager'] as const;
  readonly pager = new Pager();
  readonly #desk: Desk;
  readonly #unsubscribe: () => void;
  #watched: WatchedFolder | undefined;
  #state: Report['state'] | undefined;
  #closed = false;

  constructor(desk: Desk) {
    this.#desk = desk;
    const { transfer } = desk.session;
    this.#state = transfer.report?.state;
    this.#unsubscribe = transfer.subscribe(() => this.#changedOutside());
    this.pager.show(this.#lines());
    void this.#read();
  }

  get title(): string {
    return this.#desk.texts.t2d.title;
  }

  get model(): Pager {
    return this.pager;
  }

  hints(): readonly BindingId[] {
    const more: readonly BindingId[] = this.pager.hasMore ? ['next-page'] : [];
    return ['t2d-stop', 't2d-import', 't2d-export', ...more];
  }

  key(key: Key): boolean {
    const binding = bindingOf('t2d', key);
    if (binding !== 'refresh') return binding === undefined && this.pager.key(key);
    void this.#read();
    return true;
  }

  resume(): void {
    void this.#read();
  }

  close(): void {
    this.#closed = true;
    this.#unsubscribe();
  }

  #changedOutside(): void {
    const state = this.#desk.session.transfer.report?.state;
    const isNews = state !== this.#state;
    this.#state = state;
    // What it ends with is read from its beginning.
    if (isNews) this.pager.show(this.#lines());
    else this.pager.follow(this.#lines());
    if (isNews) void this.#read();
  }

  #read(): Promise<void> {
    return this.#desk.reading(this.#readWatched());
  }

  async #readWatched(): Promise<void> {
    try {
      this.#watched = await this.#desk.session.installation.t2d.watched();
      if (!this.#closed) this.pager.follow(this.#lines());
    } catch (error) {
      if (!this.#closed) this.#desk.fault(error);
    }
  }

  #lines(): PagerLine[] {
    const { report } = this.#desk.session.transfer;
    const { advice } = this.#desk.texts.t2d;
    return [
      ...(this.#watched ? watchedLines(this.#watched, this.#desk) : []),
      { text: '' },
      ...(report
        ? reportLines(report, this.#desk)
        : advice.flatMap(text => wrapped(text, adviceWidth).map(line => ({ text: line })))),
    ];
  }
}

function watchedLines(
  { isOn, folder, incoming, outgoing }: WatchedFolder,
  { texts, language }: Pick<Desk, 'texts' | 'language'>,
): PagerLine[] {
  const { t2d } = texts;
  return [
    { label: t2d.watched, text: isOn ? t2d.on : t2d.off },
    { label: '', text: folder },
    { label: t2d.waits, text: t2d.waiting(grouped(incoming, language), grouped(outgoing, language)) },
  ];
}
