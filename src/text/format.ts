/** Numbers and moments as they are read in each language, in as few bytes as can be. */
import type { Language } from '../core/language.ts';

/** `1 284`, `1,284`. A plain space: in a terminal it looks like a thin one, and costs one byte instead of three. */
export function grouped(value: number, language: Language): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+$)/g, language === 'fr' ? ' ' : ',');
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
