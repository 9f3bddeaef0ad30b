/** Numbers and moments as they are read in each language, in as few bytes as can be. */
import type { Language } from '../core/language.ts';
import { type Currency, plainAmount } from '../core/money/amount.ts';

/** `1 284`, `1,284`. A plain space: in a terminal it looks like a thin one, and costs one byte instead of three. */
export function grouped(value: number | bigint, language: Language): string {
  const digits = typeof value === 'bigint' ? String(value) : String(Math.trunc(value));
  return digits.replace(/\B(?=(\d{3})+$)/g, language === 'fr' ? ' ' : ',');
}

/** `-1 234,50`, `-1,234.50`: an amount without the name of its currency. */
export function bareAmount(amount: bigint, currency: Currency, language: Language): string {
  const [, sign, whole, fraction] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plainAmount(amount, currency)) ?? [];
  const cents = fraction === undefined ? '' : `${language === 'fr' ? ',' : '.'}${fraction}`;
  return `${sign}${grouped(BigInt(whole ?? 0), language)}${cents}`;
}

/** `12 500 XAF`, `12,500 XAF`. */
export function money(amount: bigint, currency: Currency, language: Language): string {
  return `${bareAmount(amount, currency, language)} ${currency.code}`;
}

/** The day of a moment, `YYYY-MM-DD`, in this machine's time zone. */
export function localDay(at: number): string {
  const date = new Date(at);
  return [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
}

/** `09/03/2026 14:31`, always with its day: paper is read later. */
export function datedMoment(at: number, language: Language): string {
  return `${calendarDay(localDay(at), language)} ${clockTime(at).slice(0, 5)}`;
}

/** A day `YYYY-MM-DD`: `09/03/2026`, `2026-03-09`. */
export function calendarDay(day: string, language: Language): string {
  return language === 'fr' ? day.split('-').reverse().join('/') : day;
}

/** `14:31:25` of the console's own time zone. */
export function clockTime(at: number): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
}

/** `14:31` on the same day as `now`, otherwise with the date before it. */
export function moment(at: number, now: number, language: Language): string {
  const date = new Date(at);
  const time = clockTime(at).slice(0, 5);
  if (date.toDateString() === new Date(now).toDateString()) return time;
  const parts = [two(date.getDate()), two(date.getMonth() + 1), String(date.getFullYear())];
  return `${language === 'fr' ? parts.join('/') : parts.reverse().join('-')} ${time}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
