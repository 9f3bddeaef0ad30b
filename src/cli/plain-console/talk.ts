/** What is said, asked and answered in lines. */
import type { Language } from '../../core/language.ts';
import { printable } from '../../core/printable.ts';
import { reasonOf, wordsOf } from '../../screens/fault.ts';
import type { Glyphs } from '../../screens/glyphs.ts';
import type { Choice } from '../../screens/question.ts';
import type { Screen } from '../../screens/screens.ts';
import { trailOf } from '../../screens/trail.ts';
import { type ConsoleTexts, consoleTexts } from '../../text/console.ts';
import { type LinesTexts, linesTexts } from '../../text/lines.ts';
import type { LineInput } from './line-input.ts';

/** Lines that a copy of what was told has at most. */
const longestCopy = 200;

export class Talk {
  readonly language: Language;
  readonly texts: ConsoleTexts;
  readonly lines: LinesTexts;
  readonly input: LineInput;
  readonly #write: (line: string) => void;
  readonly #glyphs: Glyphs;
  readonly #known = new Set<string>();
  #told: string[] = [];

  constructor(language: Language, input: LineInput, write: (line: string) => void, glyphs: Glyphs) {
    this.language = language;
    this.texts = consoleTexts[language];
    this.lines = linesTexts[language];
    this.input = input;
    this.#write = write;
    this.#glyphs = glyphs;
  }

  /** What was told last, for a copy of it. */
  get told(): readonly string[] {
    return this.#told;
  }

  /** Nothing where there is nothing to be heard. */
  readonly say = (text: string): void => {
    const line = printable(text);
    if (line.trim() === '') return;
    this.#told = [...this.#told.slice(1 - longestCopy), line];
    this.#write(line);
  };

  /** The way to the last of them, as it is told when it is opened. */
  titleOf(screens: readonly Screen[]): string {
    return trailOf(screens).join(` ${this.#glyphs.crumb} `);
  }

  /** What is worth hearing once in a session. */
  once(text: string): void {
    if (!this.#known.has(text)) this.say(text);
    this.#known.add(text);
  }

  labelled(label: string, text: string): void {
    this.say(label === '' ? text : `${this.lines.prompt(label)}${text}`);
  }

  readonly fault = (error: unknown): void => {
    this.say(wordsOf(reasonOf(error), this.texts, this.language));
  };

  /** Undefined: put off by an empty line, or nobody types any more. */
  readonly ask = async (text: string, choices: readonly Choice[]): Promise<string | undefined> => {
    this.say(text);
    for (const { letter, label } of choices) this.say(this.lines.choice(letter, label));
    while (true) {
      const line = await this.input.read(this.lines.prompt(this.lines.answer));
      const wanted = line?.trim().toLowerCase() ?? '';
      // An empty line is no answer: in lines no choice is marked.
      if (wanted === '') return undefined;
      const choice = choices.find(({ letter }) => letter === wanted);
      if (choice) return choice.id;
    }
  };
}
