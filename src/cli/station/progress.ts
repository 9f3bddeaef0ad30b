/** One line at the terminal for what takes longer than a second; it goes when the work is done. */

const patienceMs = 1_000;

export class Progress {
  readonly #stream = process.stderr;
  readonly #isShown: boolean;
  #text = '';
  #isDue = false;
  readonly #timer: NodeJS.Timeout;

  /** `quiet`: nobody is to be told, as with --json. Without a terminal nobody looks. */
  constructor(quiet: boolean) {
    this.#isShown = !quiet && this.#stream.isTTY;
    this.#timer = setTimeout(() => {
      this.#isDue = true;
      this.#write();
    }, patienceMs);
    this.#timer.unref();
  }

  show(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    if (this.#isDue) this.#write();
  }

  end(): void {
    clearTimeout(this.#timer);
    if (this.#isDue && this.#isShown) this.#stream.write('\r\u001b[K');
    this.#isDue = false;
  }

  #write(): void {
    if (this.#isShown && this.#text !== '') this.#stream.write(`\r\u001b[K${this.#text}`);
  }
}
