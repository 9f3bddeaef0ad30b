/** What the console lends to screens and acts. */
import type { Language } from '../core/language.ts';
import type { ConsoleTexts } from '../text/console.ts';
import type { Place } from './keys.ts';
import type { Choice } from './question.ts';
import type { Argument, ScreenId } from './screens.ts';
import type { Session } from './session/session.ts';

export type Tone = 'plain' | 'good' | 'bad';

/** What the message line says. */
export interface Message {
  readonly text: string;
  readonly tone: Tone;
}

/** Whom or what a screen is about: what an act is done to. */
export interface Subject {
  /** Matricule. */
  readonly client?: number | undefined;
  /** User name. */
  readonly operator?: string | undefined;
  readonly signatory?: number | undefined;
  /** The subject of the client's message that is answered. */
  readonly answers?: string;
}

export interface Desk {
  readonly texts: ConsoleTexts;
  readonly language: Language;
  readonly session: Session;
  /** Where the keys of the screen on top stand in the table of keys. */
  readonly places: readonly Place[];
  /** What the screen on top is about. */
  readonly subject: Subject;
  say(text: string, tone?: Tone): void;
  /** Says what went wrong. */
  fault(error: unknown): void;
  /** The id of the answer; undefined: put off. The first choice is the safe one. */
  ask(text: string, choices: readonly Choice[]): Promise<string | undefined>;
  /**
   * Something that takes its time: says so, and says what went wrong; one at a time, so that a second Enter on a slow
   * link does nothing twice.
   */
  busy(text: string, work: () => Promise<void>): Promise<void>;
  /** A screen reads what it shows: whoever tells screens in lines waits for that. Passes it on. */
  reading<T>(work: Promise<T>): Promise<T>;
  /** Puts a screen on top; Esc comes back from it. One that is open already is gone back to. */
  open<Id extends ScreenId>(screen: Id, ...argument: Argument<Id>): void;
  /** Takes the screen on top away, without a question. */
  back(): void;
  /** Keeps what the screen shows as a text file, and says where. */
  copy(): Promise<void>;
  /** The screen on top reads again what it shows. */
  refresh(): void;
  closeSession(): void;
  quit(): void;
}
