/** What a run of T2D tells while it goes on: files that came in, and what became of each. */
import type { Reason } from './ports.ts';

/** Why a file stays where it is. */
type LeftReason =
  /** None of ours by its name or its contents. */
  | 'foreign'
  /** No plain file: a link, a pipe. */
  | 'special'
  /** Somebody still writes it, or stopped in the middle. */
  | 'unfinished'
  /** For somebody else, by its name. */
  | 'elsewhere'
  | 'unreadable'
  /** Dealt with, but it could not be moved; dealing with it again changes nothing. */
  | 'unmoved';

export interface Left {
  readonly name: string;
  readonly why: LeftReason;
  /** What the system says of it. */
  readonly detail?: string;
}

export interface Refused {
  readonly name: string;
  readonly reasons: readonly Reason[];
}

export type ImportEvent =
  | { readonly kind: 'done'; readonly name: string }
  | ({ readonly kind: 'refused' } & Refused)
  | { readonly kind: 'left'; readonly left: Left }
  /** Told first with 0, once the folder is looked through. */
  | { readonly kind: 'progress'; readonly files: number; readonly of: number };

/** What became of the files of an import. */
export class ImportTally {
  done = 0;
  readonly refused: Refused[] = [];
  readonly left: Left[] = [];

  add(event: ImportEvent): void {
    if (event.kind === 'done') this.done++;
    if (event.kind === 'refused') this.refused.push({ name: event.name, reasons: event.reasons });
    if (event.kind === 'left') this.left.push(event.left);
  }

  get counts(): { readonly done: number; readonly refused: number; readonly left: number } {
    return { done: this.done, refused: this.refused.length, left: this.left.length };
  }

  /** Files that could not be read, or not be moved: to be brought again. */
  get hasFailed(): boolean {
    return this.left.some(({ why }) => why === 'unreadable' || why === 'unmoved');
  }
}

/** Files of an export: written by it, and those that were in the folder before. */
export interface Written {
  readonly written: number;
  readonly present: number;
}

/** How far an export is. */
export interface Exporting extends Written {
  /** Files that there will be, as far as is known by now: others may send meanwhile, or ask. */
  readonly of: number;
}
