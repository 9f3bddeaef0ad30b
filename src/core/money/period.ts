/** Periods of whole days, of which invoices and statements are made. */
import { XmError } from '../errors.ts';

/** Both days belong to it: `YYYY-MM-DD`. */
export interface Period {
  readonly first: string;
  readonly last: string;
}

/** `2026`, `2026-03`, `2026-03-09`, `2026-03-01..2026-03-15`. Throws `period-invalid`. */
export function parsePeriod(text: string): Period {
  const [from, to = from, ...rest] = text.trim().split('..');
  const first = spanOf(from ?? '')?.first;
  const last = spanOf(to ?? '')?.last;
  if (rest.length > 0 || !first || !last || first > last)
    throw new XmError('period-invalid', { period: text });
  return { first, last };
}

/** The whole month that lies `months` before the one of this day. */
export function monthBefore(day: string, months: number): Period {
  const date = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() - months);
  return parsePeriod(date.toISOString().slice(0, 7));
}

function spanOf(text: string): Period | undefined {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day] = match;
  const first = realDay(`${year}-${month ?? '01'}-${day ?? '01'}`);
  if (!first) return undefined;
  if (day) return { first, last: first };
  const end = new Date(`${first}T00:00:00Z`);
  if (month) end.setUTCMonth(end.getUTCMonth() + 1, 0);
  else end.setUTCMonth(11, 31);
  return { first, last: end.toISOString().slice(0, 10) };
}

/** Undefined for what no calendar has: Date takes February 30 for March 2. */
function realDay(text: string): string | undefined {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : undefined;
}
