/**
 * What the screen is meant to show: a small terminal that understands what Ink writes (text, SGR, cursor moves,
 * erasing, the alternate screen) and keeps the result as cells. Text past the last column is cut off.
 */
import { glyphsOf } from './glyph.ts';
import { Grid } from './grid.ts';
import { applySgr, colours, plain } from './style.ts';

const esc = '\x1b';

/** What may follow an escape: a control sequence (1: private marker, 2: parameters, 3: final), OSC, one character. */
const sequence = /\[([<-?]?)([\d;:]*)[ -/]*([@-~])|\]\P{Control}*\p{Control}\\?|[^[\]]/uy;
/** No sequence on its way is longer. */
const longestSequence = 64;

const control = /\p{Control}/gu;

export class Canvas {
  grid: Grid;
  /** Ink draws on the alternate screen: whoever shows the canvas follows it there and back. */
  alternate = false;
  readonly #coloured: boolean;
  #row = 0;
  #column = 0;
  #style = plain;
  /** The beginning of a sequence whose end has not been written yet. */
  #unfinished = '';

  constructor(columns: number, rows: number, options: { readonly coloured: boolean }) {
    this.grid = new Grid(columns, rows);
    this.#coloured = options.coloured;
  }

  write(text: string): void {
    const input = this.#unfinished + text;
    this.#unfinished = '';
    let at = 0;
    while (at < input.length) {
      const character = input.charAt(at);
      if (character !== esc && character < ' ') {
        this.#move(character);
        at++;
      } else if (character === esc) {
        const length = this.#sequence(input, at + 1);
        if (length === undefined) {
          this.#unfinished = input.slice(at);
          return;
        }
        at += 1 + length;
      } else {
        control.lastIndex = at + 1;
        const end = control.exec(input)?.index ?? input.length;
        this.#print(input.slice(at, end));
        at = end;
      }
    }
  }

  /** Keeps what fits: Ink draws again only what it knows to have changed. */
  resize(columns: number, rows: number): void {
    this.grid = this.grid.resized(columns, rows);
    this.#place(this.#row, this.#column);
  }

  /** Obeys the sequence whose escape stands before `at`; returns its length, undefined while it is not whole. */
  #sequence(input: string, at: number): number | undefined {
    sequence.lastIndex = at;
    const match = sequence.exec(input);
    if (!match) return input.length - at < longestSequence ? undefined : 0;
    const [all, marker = '', parameters = '', final] = match;
    if (final !== undefined) this.#control(final, marker, parameters);
    return all.length;
  }

  #print(text: string): void {
    const { columns } = this.grid;
    for (const { text: glyph, width } of glyphsOf(text)) {
      if (width === 0) this.#join(glyph);
      else if (this.#column + width <= columns) {
        this.grid.put(this.#row, this.#column, glyph, width, this.#style);
        this.#column += width;
      } else {
        // Nothing after it may slip into a column that it left free.
        this.#column = columns;
      }
    }
  }

  /** A mark without a glyph of its own belongs to the one before. */
  #join(mark: string): void {
    if (this.#column === 0 || !/^\p{Mark}/u.test(mark)) return;
    const at = this.#row * this.grid.columns + this.#column - 1;
    const left = this.grid.glyphs[at] === '' ? at - 1 : at;
    this.grid.glyphs[left] += mark;
  }

  #move(control: string): void {
    if (control === '\r') this.#column = 0;
    else if (control === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (control === '\n') {
      // As a terminal with ONLCR: Ink relies on it.
      this.#column = 0;
      if (this.#row === this.grid.rows - 1) this.grid.scroll();
      else this.#row++;
    }
  }

  #control(final: string, marker: string, parameters: string): void {
    if (marker === '?') {
      if (parameters === '1049') this.#switch(final === 'h');
      return;
    }
    const [first = 0, second = 0] = parameters.split(';').map(Number);
    const count = Math.max(1, first);
    if (final === 'm') this.#sgr(parameters);
    else if (final === 'A') this.#place(this.#row - count, this.#column);
    else if (final === 'B') this.#place(this.#row + count, this.#column);
    else if (final === 'C') this.#place(this.#row, this.#column + count);
    else if (final === 'D') this.#place(this.#row, this.#column - count);
    else if (final === 'E') this.#place(this.#row + count, 0);
    else if (final === 'F') this.#place(this.#row - count, 0);
    else if (final === 'G') this.#place(this.#row, count - 1);
    else if (final === 'd') this.#place(count - 1, this.#column);
    else if (final === 'H' || final === 'f') this.#place(count - 1, Math.max(1, second) - 1);
    else if (final === 'K') this.#eraseLine(first);
    else if (final === 'J') this.#eraseScreen(first);
  }

  #sgr(parameters: string): void {
    this.#style = applySgr(this.#style, parameters);
    if (!this.#coloured) this.#style &= ~colours;
  }

  #switch(alternate: boolean): void {
    this.alternate = alternate;
    if (!alternate) return;
    this.#place(0, 0);
    this.#eraseScreen(2);
  }

  #place(row: number, column: number): void {
    this.#row = Math.min(Math.max(0, row), this.grid.rows - 1);
    this.#column = Math.min(Math.max(0, column), this.grid.columns - 1);
  }

  /** 0: from the cursor on, 1: up to the cursor, 2: all (ECMA-48 §8.3.41). */
  #eraseLine(part: number): void {
    const { columns } = this.grid;
    const column = Math.min(this.#column, columns - 1);
    this.grid.erase(this.#row, part === 0 ? column : 0, part === 1 ? column + 1 : columns);
  }

  #eraseScreen(part: number): void {
    const { columns, rows } = this.grid;
    const from = part === 0 ? this.#row + 1 : 0;
    const to = part === 1 ? this.#row : rows;
    if (part < 2) this.#eraseLine(part);
    for (let row = from; row < to; row++) this.grid.erase(row, 0, columns);
  }
}
