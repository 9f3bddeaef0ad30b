/** Places for publishes without an answer: mqtt.js does not keep to the broker's Receive Maximum by itself. */
export class PublishWindow {
  limit: number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Resolves when there is a place, in the order of the calls; it must be left again. */
  async enter(): Promise<void> {
    if (this.#taken < this.limit) {
      this.#taken++;
      return;
    }
    await new Promise<void>(resolve => this.#waiting.push(resolve));
  }

  /** Hands the place on to whoever waits longest. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#taken--;
  }
}
