/** Leaving: what is being closed or stopped, as it goes on. */
import type { StopStep } from '../core/console-ports.ts';
import { Observable } from './observable.ts';

export class Quitting extends Observable {
  /** False: the services go on, and there is nothing to wait for but connections. */
  readonly stopsServices: boolean;
  readonly #steps = new Map<StopStep['id'], StopStep>();

  constructor(stopsServices: boolean) {
    super();
    this.stopsServices = stopsServices;
  }

  get steps(): readonly StopStep[] {
    return [...this.#steps.values()];
  }

  report(step: StopStep): void {
    this.#steps.set(step.id, step);
    this.changed();
  }
}
