/** The texts of accounts, by language. */
import type { Language } from '../core/language.ts';
import { account as en } from './en/account.ts';
import { type AccountTexts, account as fr } from './fr/account.ts';

export type { AccountTexts };

export const accountTexts: Readonly<Record<Language, AccountTexts>> = { fr, en };
