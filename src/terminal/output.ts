/**
 * The stream that Ink renders to: what Ink writes is drawn on a canvas, and what changed on the canvas is written to
 * the terminal, at most once per turn of the event loop and never while the terminal still takes the frame before:
 * frames in between are not shown.
 */
import { Writable } from 'node:stream';
import { Canvas } from './canvas.ts';
import type { Device } from './device.ts';
import { Painter, type Position } from './painter.ts';

export interface OutputOptions {
  readonly columns: number;
  readonly rows: number;
  readonly coloured: boolean;
}

const enter = '\x1b[?1049h';
/**
 * Cleared; no autowrap, so that the last cell never scrolls; no cursor; pastes marked as such. Each character stays in
 * the column where it is put (BDSM, ECMA-48 §7.2.1): a terminal that turns right-to-left text by itself would take the
 * numbers of the columns beside it along, and the cursor.
 */
const clear = '\x1b[m\x1b[H\x1b[2J\x1b[?7l\x1b[?25l\x1b[?2004h\x1b[8l';
/** Cleared first: some terminals have one screen only (the Linux console, a VT220, GNU screen as it comes). */
const leave = '\x1b[m\x1b[H\x1b[J\x1b[8h\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l';

export class Output extends Writable {
  readonly isTTY = true;
  readonly #device: Device;
  readonly #canvas: Canvas;
  /** The terminal is ours, and is to be given back. */
  #entered = false;
  /** What it shows; undefined: nobody knows. */
  #painter: Painter | undefined;
  #suspended = false;
  #caret: Position | undefined;
  #scheduled: NodeJS.Immediate | undefined;

  constructor(device: Device, options: OutputOptions) {
    super({ decodeStrings: false });
    this.#device = device;
    this.#canvas = new Canvas(options.columns, options.rows, options);
    device.onDrain = () => this.flush();
  }

  get columns(): number {
    return this.#canvas.grid.columns;
  }

  get rows(): number {
    return this.#canvas.grid.rows;
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.#canvas.write(chunk);
    // Whoever leaves the alternate screen may be about to end the process.
    if (!this.#canvas.alternate) this.#leave();
    this.#schedule();
    done();
  }

  /** What the screen shows as text, row by row, without trailing blanks. */
  text(): string[] {
    const { glyphs, columns, rows } = this.#canvas.grid;
    return Array.from({ length: rows }, (_, row) =>
      glyphs
        .slice(row * columns, (row + 1) * columns)
        .join('')
        .trimEnd(),
    );
  }

  /** Where the cursor is to be seen; undefined: nowhere. */
  placeCaret(caret: Position | undefined): void {
    this.#caret = caret;
    this.#schedule();
  }

  /** Shows the canvas as it stands now. */
  flush(): void {
    clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    if (!this.#canvas.alternate || this.#suspended || this.#device.busy) return;
    if (!this.#painter) {
      this.#painter = new Painter(this.columns, this.rows);
      this.#device.write(this.#entered ? clear : enter + clear);
      this.#entered = true;
    }
    const bytes = this.#painter.paint(this.#canvas.grid, this.#caret);
    if (bytes !== '') this.#device.write(bytes);
  }

  /** For a terminal of a new size, whose contents are what it made of them. */
  resize(columns: number, rows: number): void {
    if (columns === this.columns && rows === this.rows) return;
    this.#canvas.resize(columns, rows);
    this.#caret = undefined;
    this.redraw();
    this.emit('resize');
  }

  /** Shows everything again, on whatever the terminal shows now. */
  redraw(): void {
    this.#painter = undefined;
    this.#schedule();
  }

  /** Gives the terminal back for a while. */
  suspend(): void {
    this.#suspended = true;
    this.#leave();
  }

  resume(): void {
    this.#suspended = false;
    this.redraw();
  }

  /** Gives the terminal back; may be called at any time, also while the process ends. */
  close(): void {
    this.#canvas.alternate = false;
    this.#leave();
  }

  #leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#painter = undefined;
    this.#device.write(leave);
  }

  #schedule(): void {
    this.#scheduled ??= setImmediate(() => this.flush());
  }
}
