/** Waiting between attempts: exponential, with jitter so that many do not come back at the same instant. */
import { pause } from '../pause.ts';

const firstMs = 250;
const longestMs = 10_000;

export class Patience {
  #attempts = 0;

  get attempts(): number {
    return this.#attempts;
  }

  reset(): void {
    this.#attempts = 0;
  }

  /** Resolves after the next, longer pause; at once when `interrupt` aborts. */
  pause(interrupt: AbortSignal): Promise<void> {
    const ms = Math.min(longestMs, firstMs * 2 ** this.#attempts++) * (0.5 + Math.random() / 2);
    return pause(ms, interrupt);
  }
}
