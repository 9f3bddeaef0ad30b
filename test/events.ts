/** Things that happen by themselves, waited for. */

/** Collects what it is called with; `next` resolves with the first that has not been taken yet. */
export class Events<T> {
  readonly #arrived: T[] = [];
  #wake: (() => void) | undefined;

  readonly push = (event: T): void => {
    this.#arrived.push(event);
    this.#wake?.();
  };

  /** Those that have arrived and were not taken. */
  get waiting(): readonly T[] {
    return this.#arrived;
  }

  async next(): Promise<T> {
    while (this.#arrived.length === 0) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    return this.#arrived.shift() as T;
  }

  /** Takes events until one fits, and returns that. */
  async until(fits: (event: T) => boolean): Promise<T> {
    while (true) {
      const event = await this.next();
      if (fits(event)) return event;
    }
  }
}
