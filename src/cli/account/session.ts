/** What the commands on accounts share, and how they read their words. */
import { XmError } from '../../core/errors.ts';
import type { Language } from '../../core/language.ts';
import { type Currency, parseAmount } from '../../core/money/amount.ts';
import { monthBefore, type Period, parsePeriod } from '../../core/money/period.ts';
import type { AccountStore } from '../../core/money/ports.ts';
import type { Operator } from '../../core/operator.ts';
import type { AccountTexts } from '../../text/account.ts';
import type { AccountFlags } from '../account-call.ts';
import { positive } from '../command-line.ts';

export interface AccountSession {
  readonly accounts: AccountStore;
  readonly operator: Operator;
  readonly currency: Currency;
  readonly flags: AccountFlags;
  readonly language: Language;
  readonly texts: AccountTexts;
  /** Today, `YYYY-MM-DD`. */
  readonly today: string;
}

/** What the command cannot do without. Throws `usage`. */
export function needed({ texts }: AccountSession, word: string, value: string | undefined): string {
  if (value !== undefined && value.trim() !== '') return value;
  throw new XmError('usage', { detail: texts.needs(word) });
}

export function clientOf(session: AccountSession, word: string | undefined): number {
  const { clientWord } = session.texts;
  return positive(clientWord, Number(needed(session, clientWord, word)), session.language);
}

/** The words that are left: `12 500` may come as two. */
export function amountOf(session: AccountSession, words: readonly string[]): bigint {
  return parseAmount(needed(session, session.texts.amountWord, words.join(' ')), session.currency);
}

/** `--period`, or the month that lies so many before this one. */
export function periodOf({ flags, today }: AccountSession, monthsBefore: number): Period {
  return flags.period === undefined ? monthBefore(today, monthsBefore) : parsePeriod(flags.period);
}
