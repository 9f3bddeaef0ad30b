/**
 * The bytes that turn what a terminal shows into what it is meant to show: only cells that differ are written, the
 * cursor goes the shortest way, attributes are kept from one run to the next. The terminal is to have autowrap off
 * (DECAWM), so that its last column is a column like any other.
 */
import { isDoubtful } from './glyph.ts';
import { Grid } from './grid.ts';
import { plain, type Style, seenOnBlank, sgr } from './style.ts';

export interface Position {
  readonly row: number;
  readonly column: number;
}

/** From this many blank cells on, erasing is shorter than writing them. */
const worthErasing = 6;

/** What a cell holds of which nothing is certain: no glyph that is ever wanted. */
const unknown = '\0';

export class Painter {
  readonly #shown: Grid;
  #row = 0;
  /** undefined: not known for certain. */
  #column: number | undefined = 0;
  #style: Style = plain;
  #caret: Position | undefined;
  #out = '';

  /** For a terminal that was just cleared: cursor at home and hidden, no attributes. */
  constructor(columns: number, rows: number) {
    this.#shown = new Grid(columns, rows);
  }

  /** `wanted` has the size of this painter's terminal. The cursor is shown at `caret`, hidden where there is none. */
  paint(wanted: Grid, caret: Position | undefined): string {
    for (let row = 0; row < wanted.rows; row++) this.#paintRow(wanted, row);
    this.#placeCaret(wanted, caret);
    const out = this.#out;
    this.#out = '';
    return out;
  }

  #paintRow(wanted: Grid, row: number): void {
    const { columns } = wanted;
    let column = this.#nextDifference(wanted, row, 0);
    while (column < columns) {
      const blanks = this.#blanksFrom(wanted, row, column);
      if (blanks >= worthErasing || column + blanks === columns) {
        column += this.#erase(wanted, row, column, blanks);
      } else {
        column += this.#write(wanted, row, column);
      }
      column = this.#nextDifference(wanted, row, column);
    }
  }

  #nextDifference(wanted: Grid, row: number, from: number): number {
    const start = row * wanted.columns;
    for (let column = from; column < wanted.columns; column++) {
      if (!this.#equal(wanted, start + column)) {
        // The right half of a glyph is written with its left one.
        return wanted.glyphs[start + column] === '' ? column - 1 : column;
      }
    }
    return wanted.columns;
  }

  #equal(wanted: Grid, at: number): boolean {
    const glyph = wanted.glyphs[at];
    if (glyph !== this.#shown.glyphs[at]) return false;
    const difference = (wanted.styles[at] ?? plain) ^ (this.#shown.styles[at] ?? plain);
    return (glyph === ' ' ? difference & seenOnBlank : difference) === 0;
  }

  /** How many cells from here on are to be blank, without attributes. */
  #blanksFrom(wanted: Grid, row: number, column: number): number {
    const start = row * wanted.columns;
    let end = column;
    while (end < wanted.columns && isBlank(wanted, start + end)) end++;
    return end - column;
  }

  /** Blanks `count` cells; returns how many columns are settled by it. */
  #erase(wanted: Grid, row: number, column: number, count: number): number {
    const end = this.#lastDifference(wanted, row, column, column + count);
    const needed = end - column;
    if (needed < worthErasing && !(column + count === wanted.columns && needed > 3)) {
      return this.#write(wanted, row, column);
    }
    this.#go(wanted, row, column);
    // Erased cells take the background that is set (BCE).
    if (this.#style & seenOnBlank) this.#setStyle(plain);
    this.#out += column + count === wanted.columns ? '\x1b[K' : `\x1b[${needed}X`;
    const erased = column + count === wanted.columns ? wanted.columns : end;
    this.#cutHalf(row, erased);
    this.#shown.erase(row, column, erased);
    return needed;
  }

  #lastDifference(wanted: Grid, row: number, from: number, to: number): number {
    let end = to;
    while (end > from + 1 && this.#equal(wanted, row * wanted.columns + end - 1)) end--;
    return end;
  }

  #write(wanted: Grid, row: number, column: number): number {
    const at = row * wanted.columns + column;
    const glyph = wanted.glyphs[at] ?? ' ';
    const style = wanted.styles[at] ?? plain;
    const width = wanted.glyphs[at + 1] === '' && column + 1 < wanted.columns ? 2 : 1;
    this.#go(wanted, row, column);
    // What cannot be seen on a blank need not be set for it.
    if (glyph !== ' ' || (style ^ this.#style) & seenOnBlank) this.#setStyle(style);
    this.#out += glyph === ' ' || !isDoubtful(glyph) ? glyph : this.#doubtful(glyph, width, column);
    this.#cutHalf(row, column + width);
    this.#shown.put(row, column, glyph, width, glyph === ' ' ? style & seenOnBlank : style);
    this.#column = isDoubtful(glyph) || column + width >= wanted.columns ? undefined : column + width;
    return width;
  }

  /** A right half that loses its left one becomes a blank of a look that depends on the terminal. */
  #cutHalf(row: number, column: number): void {
    const at = row * this.#shown.columns + column;
    if (column < this.#shown.columns && this.#shown.glyphs[at] === '') this.#shown.glyphs[at] = unknown;
  }

  /** Blanks both columns first, for a terminal that draws the glyph narrower than we count. */
  #doubtful(glyph: string, width: number, column: number): string {
    return `${' '.repeat(width)}\x1b[${column + 1}G${glyph}`;
  }

  #setStyle(style: Style): void {
    this.#out += sgr(this.#style, style);
    this.#style = style;
  }

  #placeCaret(wanted: Grid, caret: Position | undefined): void {
    if (caret) this.#go(wanted, caret.row, caret.column);
    if (caret && !this.#caret) this.#out += '\x1b[?25h';
    if (!caret && this.#caret) this.#out += '\x1b[?25l';
    this.#caret = caret;
  }

  #go(wanted: Grid, row: number, column: number): void {
    if (row !== this.#row || column !== this.#column) this.#out += this.#way(wanted, row, column);
    this.#row = row;
    this.#column = column;
  }

  /** The shortest of the ways to a cell. */
  #way(wanted: Grid, row: number, column: number): string {
    const down = row - this.#row;
    const ways = [
      column === 0 ? (row === 0 ? '\x1b[H' : `\x1b[${row + 1}H`) : `\x1b[${row + 1};${column + 1}H`,
    ];
    const across = (from: number | undefined) => this.#across(wanted, row, from, column);
    if (down === 0) ways.push(across(this.#column), `\r${across(0)}`);
    else {
      ways.push(csi(Math.abs(down), down > 0 ? 'E' : 'F') + across(0));
      ways.push(csi(Math.abs(down), down > 0 ? 'B' : 'A') + across(this.#column));
    }
    return ways.reduce((best, way) => (byteLength(way) < byteLength(best) ? way : best));
  }

  /** Within a row: relative, absolute, or over cells that are as they should be by writing them again. */
  #across(wanted: Grid, row: number, from: number | undefined, to: number): string {
    const absolute = csi(to + 1, 'G');
    if (from === undefined) return absolute;
    if (from === to) return '';
    if (to < from) {
      const back = from - to <= 3 ? '\b'.repeat(from - to) : csi(from - to, 'D');
      return back.length < absolute.length ? back : absolute;
    }
    const relative = csi(to - from, 'C');
    const again = this.#again(wanted, row, from, to);
    const shortest = relative.length < absolute.length ? relative : absolute;
    return again !== undefined && byteLength(again) < shortest.length ? again : shortest;
  }

  /** The cells between, where they can be written as the attributes stand. */
  #again(wanted: Grid, row: number, from: number, to: number): string | undefined {
    if (to - from > 6) return undefined;
    let text = '';
    for (let at = row * wanted.columns + from; at < row * wanted.columns + to; at++) {
      const glyph = wanted.glyphs[at] ?? ' ';
      const difference = (wanted.styles[at] ?? plain) ^ this.#style;
      if ((glyph === ' ' ? difference & seenOnBlank : difference) !== 0) return undefined;
      if (glyph === '' || isDoubtful(glyph) || !this.#equal(wanted, at)) return undefined;
      text += glyph;
    }
    return text;
  }
}

function isBlank(grid: Grid, at: number): boolean {
  return grid.glyphs[at] === ' ' && ((grid.styles[at] ?? plain) & seenOnBlank) === 0;
}

function csi(count: number, final: string): string {
  return count === 1 ? `\x1b[${final}` : `\x1b[${count}${final}`;
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
