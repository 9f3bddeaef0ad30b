/** Does something at most once in a while: at once when the last time is long ago, otherwise when the while is over. */
export class Pace {
  readonly #gapMs: number;
  readonly #act: () => void;
  #lastAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(gapMs: number, act: () => void) {
    this.#gapMs = gapMs;
    this.#act = act;
  }

  /** Asks for it; asking again before it is done changes nothing. */
  ask(): void {
    if (this.#timer) return;
    const wait = this.#lastAt + this.#gapMs - performance.now();
    if (wait <= 0) this.#do();
    else this.#timer = setTimeout(() => this.#do(), wait);
  }

  /** Does it at once, for what cannot wait. */
  now(): void {
    this.stop();
    this.#do();
  }

  /** What was asked for and not done is not done any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #do(): void {
    this.#timer = undefined;
    this.#lastAt = performance.now();
    this.#act();
  }
}
