/** A question that must be answered before anything else: in the message line, its answers in the line of hints. */
import type { Key } from '../terminal/key.ts';
import { bindingOf } from './keys.ts';

export interface Choice {
  readonly id: string;
  readonly letter: string;
  readonly label: string;
}

export class Question {
  readonly text: string;
  /** The first one is the safe one: what Enter gives. */
  readonly choices: readonly Choice[];
  readonly #answer = Promise.withResolvers<string | undefined>();
  #selected = 0;

  constructor(text: string, choices: readonly Choice[]) {
    this.text = text;
    this.choices = choices;
  }

  get selected(): number {
    return this.#selected;
  }

  /** undefined: put off, by Esc. */
  get answer(): Promise<string | undefined> {
    return this.#answer.promise;
  }

  /** True once it is answered. */
  key(key: Key): boolean {
    const binding = bindingOf('question', key);
    const byLetter = this.choices.find(({ letter }) => letter === key.name.toLowerCase());
    if (binding === 'next-choice') this.#move(1);
    else if (binding === 'previous-choice') this.#move(-1);
    else if (binding === 'cancel') return this.#give(undefined);
    else if (binding === 'choose') return this.#give(this.choices[this.#selected]?.id);
    else if (byLetter) return this.#give(byLetter.id);
    return false;
  }

  putOff(): void {
    this.#answer.resolve(undefined);
  }

  #move(by: 1 | -1): void {
    this.#selected = (this.#selected + by + this.choices.length) % this.choices.length;
  }

  #give(id: string | undefined): true {
    this.#answer.resolve(id);
    return true;
  }
}
