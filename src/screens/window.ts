/** The size of the window. */
import { Observable } from './observable.ts';

/** Rows that the frame takes: name, menus, rule above the work area; rule, hints, message below it. */
const frameRows = 6;

export interface Area {
  readonly columns: number;
  readonly rows: number;
}

export class Window extends Observable implements Area {
  #columns: number;
  #rows: number;

  constructor(columns: number, rows: number) {
    super();
    this.#columns = columns;
    this.#rows = rows;
  }

  get columns(): number {
    return this.#columns;
  }

  get rows(): number {
    return this.#rows;
  }

  /** What is left for the work area. */
  get workArea(): Area {
    return { columns: this.#columns, rows: Math.max(1, this.#rows - frameRows) };
  }

  get isTooSmall(): boolean {
    return this.#columns < 40 || this.#rows < 12;
  }

  resize(columns: number, rows: number): void {
    this.#columns = columns;
    this.#rows = rows;
    this.changed();
  }
}
