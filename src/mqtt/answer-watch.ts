/**
 * Answers that the broker owes us. A network that has forgotten a connection tells nobody: what is written goes on being
 * sent into the void until TCP gives up, a quarter of an hour later, and an office's keep-alive is longer still.
 *
 * Answers come in the order of the questions ([MQTT-4.6.0-2]): the patience of one begins when those before it have had
 * theirs, so that a slow line with a hundred messages under way is no dead one. Only time in which we read counts: an
 * answer cannot be seen while the parser is held up.
 */
export class AnswerWatch {
  readonly #limitMs: number;
  readonly #onMissing: () => void;
  /** The oldest first. */
  readonly #owed = new Set<symbol>();
  /** Since when the oldest has been the oldest, on the clock of reading time. */
  #oldestAt = 0;
  #heldMs = 0;
  /** On the clock of `performance`; undefined: we read. */
  #heldSince: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `onMissing` is called when an answer has been owed for `limitMs`. */
  constructor(limitMs: number, onMissing: () => void) {
    this.#limitMs = limitMs;
    this.#onMissing = onMissing;
  }

  /** Something was asked; what is returned is to be called when the answer has come, or need not come any more. */
  ask(): () => void {
    const question = Symbol('question');
    if (this.#owed.size === 0) this.#oldestAt = this.#now();
    this.#owed.add(question);
    this.#timer ??= this.#nextLook();
    return () => this.#answered(question);
  }

  /** Nothing is read until `release`. */
  hold(): void {
    this.#heldSince ??= performance.now();
  }

  release(): void {
    if (this.#heldSince !== undefined) this.#heldMs += performance.now() - this.#heldSince;
    this.#heldSince = undefined;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#owed.clear();
  }

  #answered(question: symbol): void {
    const [oldest] = this.#owed;
    if (question === oldest) this.#oldestAt = this.#now();
    this.#owed.delete(question);
  }

  #now(): number {
    return (this.#heldSince ?? performance.now()) - this.#heldMs;
  }

  /** One timer, for the oldest of when it was set: answers come by the thousand. */
  #nextLook(): NodeJS.Timeout {
    const left = this.#oldestAt + this.#limitMs - this.#now();
    return setTimeout(() => this.#look(), Math.max(1, Math.ceil(left)));
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#owed.size === 0) return;
    if (this.#heldSince === undefined && this.#now() - this.#oldestAt >= this.#limitMs) this.#onMissing();
    else this.#timer = this.#nextLook();
  }
}
