/** The texts of the console's screens, by language. */
import type { Language } from '../core/language.ts';
import { screens as en } from './en/console.ts';
import { type ConsoleTexts, screens as fr } from './fr/console.ts';

export type { ConsoleTexts };

export const consoleTexts: Readonly<Record<Language, ConsoleTexts>> = { fr, en };
