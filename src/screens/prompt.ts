/** The command line: what is typed after `:`. */
import type { Key } from '../terminal/key.ts';
import type { ConsoleTexts } from '../text/console.ts';
import { bindingOf } from './keys.ts';
import { TextField } from './text-field.ts';

export class Prompt {
  readonly field = new TextField({ limit: 60 });
  readonly #names: readonly string[];

  constructor(texts: ConsoleTexts) {
    this.#names = Object.values(texts.acts).map(({ commands }) => commands[0] ?? '');
  }

  /** The commands that what is typed may become. */
  get matches(): readonly string[] {
    return this.#names.filter(name => name.startsWith(this.field.value.toLowerCase()));
  }

  /** `run` or `close` when it is over. */
  key(key: Key): 'run' | 'close' | undefined {
    const binding = bindingOf('prompt', key);
    if (binding === 'run') return this.field.value.trim() === '' ? 'close' : 'run';
    if (binding === 'cancel' || (key.name === 'backspace' && this.field.value === '')) return 'close';
    if (binding === 'complete') this.#complete();
    else this.field.key(key);
    return undefined;
  }

  #complete(): void {
    const [first, ...others] = this.matches;
    if (first === undefined) return;
    let end = first.length;
    for (const other of others) while (!other.startsWith(first.slice(0, end))) end--;
    this.field.value = first.slice(0, end);
  }
}
