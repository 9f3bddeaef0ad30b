/** Leaving: what is being closed or stopped, as it goes on. */
import type { Installation, StopStep } from '../core/console-ports.ts';
import type { ConsoleTexts } from '../text/console.ts';
import { Observable } from './observable.ts';
import type { Choice } from './question.ts';

interface QuitQuestion {
  readonly text: string;
  readonly choices: readonly Choice[];
}

/** `isTransferring`: files are on their way, and stay behind. The answers are `leave`, `stop` (leave and stop what runs embedded) and `stay`. */
export function quitQuestion(
  texts: ConsoleTexts,
  installation: Installation | undefined,
  isTransferring = false,
): QuitQuestion {
  const { question, embedded, leave, stay, keep, stop } = texts.quit;
  if (isTransferring) {
    return {
      text: texts.t2d.quit,
      choices: [
        { id: 'stay', ...stay },
        { id: 'leave', ...leave },
      ],
    };
  }
  if (!installation?.embedded) {
    return {
      text: question,
      choices: [
        { id: 'stay', ...stay },
        { id: 'leave', ...leave },
      ],
    };
  }
  return {
    text: embedded,
    choices: [
      { id: 'leave', ...keep },
      ...(installation.readOnly ? [] : [{ id: 'stop', ...stop }]),
      { id: 'stay', ...stay },
    ],
  };
}

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
