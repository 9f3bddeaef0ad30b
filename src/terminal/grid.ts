/** A screen as cells. A glyph of two columns stands in the left one; the right one is empty text. */
import { plain, type Style } from './style.ts';

export class Grid {
  readonly columns: number;
  readonly rows: number;
  /** Row by row, `columns` to a row. */
  readonly glyphs: string[];
  readonly styles: Uint16Array;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.glyphs = Array.from({ length: columns * rows }, () => ' ');
    this.styles = new Uint16Array(columns * rows);
  }

  /** Writes a glyph of `width` columns that fits the row; what it covers by half becomes blank. */
  put(row: number, column: number, glyph: string, width: number, style: Style): void {
    const at = row * this.columns + column;
    if (this.glyphs[at] === '' && column > 0) this.glyphs[at - 1] = ' ';
    const end = at + width;
    if (column + width < this.columns && this.glyphs[end] === '') this.glyphs[end] = ' ';
    this.glyphs[at] = glyph;
    this.styles[at] = style;
    if (width === 2) {
      this.glyphs[at + 1] = '';
      this.styles[at + 1] = style;
    }
  }

  /** Blanks the columns `from` to before `to` of a row. */
  erase(row: number, from: number, to: number): void {
    if (from >= to) return;
    this.put(row, from, ' ', 1, plain);
    this.put(row, to - 1, ' ', 1, plain);
    const start = row * this.columns;
    this.glyphs.fill(' ', start + from, start + to);
    this.styles.fill(plain, start + from, start + to);
  }

  /** Everything one row up; the last row becomes blank. */
  scroll(): void {
    const size = this.columns * (this.rows - 1);
    this.glyphs.copyWithin(0, this.columns);
    this.styles.copyWithin(0, this.columns);
    this.glyphs.fill(' ', size);
    this.styles.fill(plain, size);
  }

  /** A grid of another size with what of this one fits into it. */
  resized(columns: number, rows: number): Grid {
    const grid = new Grid(columns, rows);
    for (let row = 0; row < Math.min(rows, this.rows); row++) {
      for (let column = 0; column < Math.min(columns, this.columns); column++) {
        const glyph = this.glyphs[row * this.columns + column] ?? ' ';
        const half = column === columns - 1 && this.glyphs[row * this.columns + column + 1] === '';
        grid.glyphs[row * columns + column] = half ? ' ' : glyph;
        grid.styles[row * columns + column] = this.styles[row * this.columns + column] ?? plain;
      }
    }
    return grid;
  }
}
