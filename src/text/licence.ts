/** The texts of `xmserver licence`, by language. */
import type { Language } from '../core/language.ts';
import { licence as en } from './en/licence.ts';
import { licence as fr, type LicenceTexts } from './fr/licence.ts';

export type { LicenceTexts };

export const licenceTexts: Readonly<Record<Language, LicenceTexts>> = { fr, en };
