/** The desk of the console in lines: what screens would show is told, and questions are asked, one after the other. */
import type { Language } from '../../core/language.ts';
import { type ActId, refusalOf, run } from '../../screens/acts.ts';
import type { Desk } from '../../screens/desk.ts';
import { reasonOf, wordsOf } from '../../screens/fault.ts';
import type { Choice } from '../../screens/question.ts';
import type { Argument, ScreenId } from '../../screens/screens.ts';
import type { Session } from '../../screens/session/session.ts';
import { type ConsoleTexts, consoleTexts } from '../../text/console.ts';
import { type LinesTexts, linesTexts } from '../../text/lines.ts';
import type { LineInput } from './line-input.ts';

export interface LineDeskOptions {
  readonly language: Language;
  readonly session: Session;
  readonly input: LineInput;
  readonly print: (line: string) => void;
  /** Tells what a screen would show. */
  readonly show: (screen: ScreenId, argument: unknown) => Promise<void>;
}

export class LineDesk implements Desk {
  readonly texts: ConsoleTexts;
  readonly lines: LinesTexts;
  readonly language: Language;
  readonly session: Session;
  readonly input: LineInput;
  readonly print: (line: string) => void;
  readonly places = [];
  readonly subject = {};
  readonly #show: LineDeskOptions['show'];
  #shown: Promise<void> = Promise.resolve();
  /** What the operator has asked for; undefined: to go on. */
  end: 'session' | 'quit' | undefined;

  constructor({ language, session, input, print, show }: LineDeskOptions) {
    this.texts = consoleTexts[language];
    this.lines = linesTexts[language];
    this.language = language;
    this.session = session;
    this.input = input;
    this.print = print;
    this.#show = show;
  }

  /** What cannot be done is told, and so is what went wrong. */
  async perform(id: ActId): Promise<void> {
    const refusal = refusalOf(id, this);
    if (refusal !== undefined) return this.say(refusal);
    const { running, done } = this.texts.acts[id];
    await this.busy(running, async () => {
      await run(id, this, '');
      await this.#shown;
      if (done !== '') this.say(done);
    });
  }

  say(text: string): void {
    this.print(text);
  }

  fault(error: unknown): void {
    this.print(wordsOf(reasonOf(error), this.texts, this.language));
  }

  async ask(text: string, choices: readonly Choice[]): Promise<string | undefined> {
    this.print(text);
    for (const { letter, label } of choices) this.print(this.lines.choice(letter, label));
    while (true) {
      const line = await this.input.read(this.lines.prompt(this.lines.answer));
      if (line === undefined) return undefined;
      const wanted = line.trim().toLowerCase();
      // An empty line is no answer: in lines no choice is marked.
      if (wanted === '') return undefined;
      const choice = choices.find(({ letter }) => letter === wanted);
      if (choice) return choice.id;
    }
  }

  async busy(text: string, work: () => Promise<void>): Promise<void> {
    if (text !== '') this.print(text);
    try {
      await work();
    } catch (error) {
      this.fault(error);
    }
  }

  open<Id extends ScreenId>(screen: Id, ...[argument]: Argument<Id> | []): void {
    this.#shown = this.#show(screen, argument);
  }

  back(): void {}

  refresh(): void {}

  async copy(): Promise<void> {
    this.print(this.lines.noLines);
  }

  closeSession(): void {
    this.end = 'session';
  }

  quit(): void {
    this.end = 'quit';
  }
}
