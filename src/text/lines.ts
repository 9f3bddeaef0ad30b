/** The texts of the console in lines, by language. */
import type { Language } from '../core/language.ts';
import { lines as en } from './en/lines.ts';
import { lines as fr, type LinesTexts } from './fr/lines.ts';

export type { LinesTexts };

export const linesTexts: Readonly<Record<Language, LinesTexts>> = { fr, en };
