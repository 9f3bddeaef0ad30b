/** The start of the installation, step by step, again and again until it succeeds. */
import type { ConsolePorts, Installation, StartStep } from '../../core/console-ports.ts';
import type { Reason } from '../../core/ports.ts';
import { reasonOf } from '../fault.ts';
import { Observable } from '../observable.ts';
import { Pace } from '../pace.ts';

/** Milliseconds between two views of progress that is only a number. */
const progressMs = 250;

export interface StartHandlers {
  onReady(installation: Installation): void;
  onFailed(): void;
}

export class Start extends Observable {
  readonly #start: ConsolePorts['start'];
  readonly #handlers: StartHandlers;
  readonly #steps = new Map<StartStep['id'], StartStep>();
  readonly #progress = new Pace(progressMs, () => this.changed());
  #failure: Reason | undefined;

  constructor(start: ConsolePorts['start'], handlers: StartHandlers) {
    super();
    this.#start = start;
    this.#handlers = handlers;
  }

  /** In the order in which they were first reported. */
  get steps(): readonly StartStep[] {
    return [...this.#steps.values()];
  }

  /** Why it failed; undefined while it goes on. */
  get failure(): Reason | undefined {
    return this.#failure;
  }

  /** Also after a failure: does it all again. */
  async run(): Promise<void> {
    this.#failure = undefined;
    this.#steps.clear();
    this.changed();
    try {
      this.#handlers.onReady(await this.#start(step => this.#report(step)));
    } catch (error) {
      this.#failure = reasonOf(error);
      this.#handlers.onFailed();
      this.changed();
    } finally {
      this.#progress.stop();
    }
  }

  #report(step: StartStep): void {
    const before = this.#steps.get(step.id);
    this.#steps.set(step.id, step);
    if (before?.state === step.state) this.#progress.ask();
    else this.changed();
  }
}
