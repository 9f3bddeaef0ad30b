/** The texts of the two programs, by language. */
import type { Language } from '../core/language.ts';
import { program as en } from './en/program.ts';
import { program as fr, type ProgramTexts } from './fr/program.ts';

export type { ProgramTexts };

export const programTexts: Readonly<Record<Language, ProgramTexts>> = { fr, en };
