/** Lines that are more than fit: what is seen of them. */
import { displayWidth } from '../../terminal/glyph.ts';
import type { Key } from '../../terminal/key.ts';
import { startOf } from '../components/cell.ts';
import { bindingOf } from '../keys.ts';
import { Observable } from '../observable.ts';

export interface PagerLine {
  readonly label?: string;
  readonly text: string;
  readonly isBad?: boolean;
}

/** The lines of a text that is wider than one: broken between words, and within one that has no room. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
    while (displayWidth(line) > width) {
      const start = startOf(line, width);
      lines.push(start);
      line = line.slice(start.length);
    }
  }
  return [...lines, line];
}

export class Pager extends Observable {
  #lines: readonly PagerLine[] = [];
  #top = 0;
  #height = 1;

  get lines(): readonly PagerLine[] {
    return this.#lines.slice(this.#top, this.#top + this.#height);
  }

  /** All of them, for those who are told them. */
  get whole(): readonly PagerLine[] {
    return this.#lines;
  }

  get hasMore(): boolean {
    return this.#top + this.#height < this.#lines.length;
  }

  show(lines: readonly PagerLine[]): void {
    this.#lines = lines;
    this.#top = 0;
    this.changed();
  }

  /** More of the same, with its end in sight as long as it was. */
  follow(lines: readonly PagerLine[]): void {
    const wasAtEnd = !this.hasMore;
    this.#lines = lines;
    this.#goTo(wasAtEnd ? lines.length : this.#top);
  }

  resize(height: number): void {
    if (height === this.#height) return;
    this.#height = height;
    this.#goTo(this.#top);
  }

  /** False for a key that does nothing here. */
  key(key: Key): boolean {
    const binding = bindingOf('pager', key);
    if (binding === 'next-row') this.#goTo(this.#top + 1);
    else if (binding === 'previous-row') this.#goTo(this.#top - 1);
    else if (binding === 'next-page') this.#goTo(this.#top + this.#height);
    else if (binding === 'previous-page') this.#goTo(this.#top - this.#height);
    else if (binding === 'first-row') this.#goTo(0);
    else if (binding === 'last-row') this.#goTo(this.#lines.length);
    else return false;
    return true;
  }

  #goTo(top: number): void {
    this.#top = Math.max(0, Math.min(top, this.#lines.length - this.#height));
    this.changed();
  }
}
