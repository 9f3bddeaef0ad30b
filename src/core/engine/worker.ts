/** A loop that works when woken, and again after a pause when the work failed. */
import { Patience } from './patience.ts';
import { Signal } from './signal.ts';

export abstract class Worker {
  readonly #onTrouble: (error: unknown) => void;
  readonly #signal = new Signal();
  readonly #ending = new AbortController();
  #loop: Promise<void> | undefined;

  /** `onTrouble`: told of each failed attempt and, with undefined, of the first that works again. */
  constructor(onTrouble: (error: unknown) => void) {
    this.#onTrouble = onTrouble;
  }

  /** Does all that there is to do; a rejection is a passing fault, and the work is done again. */
  protected abstract work(): Promise<void>;

  protected get ending(): AbortSignal {
    return this.#ending.signal;
  }

  wake(): void {
    this.#signal.raise();
  }

  start(): void {
    this.wake();
    this.#loop ??= this.#run();
  }

  /** Resolves when the work in hand has ended. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#signal.raise();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const patience = new Patience();
    while (!this.ending.aborted) {
      await this.#signal.wait();
      if (this.ending.aborted) return;
      try {
        await this.work();
        if (patience.attempts > 0) this.#onTrouble(undefined);
        patience.reset();
      } catch (error) {
        if (this.ending.aborted) return;
        this.#onTrouble(error);
        await patience.pause(this.ending);
        this.#signal.raise();
      }
    }
  }
}
