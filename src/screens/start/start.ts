/** The start of the installation, step by step, again and again until it succeeds. */
import type { ConsolePorts, Installation, KnownConnection, StartStep } from '../../core/console-ports.ts';
import type { Reason } from '../../core/ports.ts';
import { reasonOf } from '../fault.ts';
import type { BindingId } from '../keys.ts';
import { Observable } from '../observable.ts';
import { Pace } from '../pace.ts';

/** Milliseconds between two views of progress that is only a number. */
const progressMs = 250;
/** And of steps: a start that takes no longer has better to do than to draw each of them. */
const stepMs = 100;

export interface StartHandlers {
  onReady(installation: Installation): void;
  onFailed(reason: Reason): void;
}

export class Start extends Observable {
  readonly #start: ConsolePorts['start'];
  readonly #handlers: StartHandlers;
  readonly #steps = new Map<StartStep['id'], StartStep>();
  readonly #progress = new Pace(progressMs, () => this.changed());
  readonly #stepping = new Pace(stepMs, () => this.changed());
  #failure: Reason | undefined;
  #connection: KnownConnection | undefined;

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

  /** After a failure: what another attempt could be given; undefined: nothing. */
  get connection(): KnownConnection | undefined {
    return this.#failure && this.#connection;
  }

  set connection(known: KnownConnection | undefined) {
    this.#connection = known;
    this.changed();
  }

  /** Those of its keys that are of use just now. */
  get hints(): readonly BindingId[] {
    if (!this.#failure) return ['quit'];
    return this.#connection ? ['retry', 'connexion', 'quit'] : ['retry', 'quit'];
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
      this.#handlers.onFailed(this.#failure);
      this.changed();
    } finally {
      this.#progress.stop();
      this.#stepping.stop();
    }
  }

  #report(step: StartStep): void {
    const before = this.#steps.get(step.id);
    this.#steps.set(step.id, step);
    (before?.state === step.state ? this.#progress : this.#stepping).ask();
  }
}
