/**
 * A log that never scrolls: each event overwrites the oldest line, and one mark shows which line is the newest. On a
 * slow link a line costs itself, and not all the lines below it.
 */
import type { MonitorEvent } from '../../core/engine-status.ts';

/** More lines than any window shows. */
const kept = 128;

export interface LogLine {
  readonly event: MonitorEvent | undefined;
  readonly newest: boolean;
}

export class RingLog {
  #events: MonitorEvent[] = [];
  /** Events so far, those that are not kept any more included: where the next line goes. */
  #count = 0;

  add(event: MonitorEvent): void {
    this.#events = [...this.#events, event].slice(-kept);
    this.#count++;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** The log in a window of `height` lines. */
  lines(height: number): LogLine[] {
    const newest = this.#count - 1;
    return Array.from({ length: height }, (_, slot) => {
      const age = (((newest - slot) % height) + height) % height;
      const event = slot > newest ? undefined : this.#events.at(-1 - age);
      return { event, newest: age === 0 && event !== undefined };
    });
  }
}
