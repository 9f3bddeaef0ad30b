/** The texts of `xmserver pki`, by language. */
import type { Language } from '../core/language.ts';
import { pki as en } from './en/pki.ts';
import { pki as fr, type PkiTexts } from './fr/pki.ts';

export type { PkiTexts };

export const pkiTexts: Readonly<Record<Language, PkiTexts>> = { fr, en };
