/** What the console lends to screens and acts. */
import type { Language } from '../core/language.ts';
import type { ConsoleTexts } from '../text/console.ts';
import type { Place } from './keys.ts';
import type { ScreenId } from './screens.ts';
import type { Session } from './session/session.ts';

export type Tone = 'plain' | 'good' | 'bad';

/** What the message line says. */
export interface Message {
  readonly text: string;
  readonly tone: Tone;
}

export interface Desk {
  readonly texts: ConsoleTexts;
  readonly language: Language;
  readonly session: Session;
  /** Where the keys of the screen on top stand in the table of keys. */
  readonly place: Place | undefined;
  say(text: string, tone?: Tone): void;
  /** Puts a screen on top; Esc comes back from it. */
  open(screen: ScreenId): void;
  closeSession(): void;
  quit(): void;
}
