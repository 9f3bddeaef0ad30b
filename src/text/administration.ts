/** The texts of the commands of administration, by language. */
import type { Language } from '../core/language.ts';
import { administration as en } from './en/administration.ts';
import { type AdministrationTexts, administration as fr } from './fr/administration.ts';

export type { AdministrationTexts };

export const administrationTexts: Readonly<Record<Language, AdministrationTexts>> = { fr, en };
