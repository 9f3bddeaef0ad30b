/** Fields as people type them: tidied, then checked. Each check throws the error that names its field. */
import { type ErrorCode, XmError } from '../errors.ts';
import type { Privilege } from '../operator.ts';
import { hasInvisible, illegible } from '../printable.ts';

export const nameLimit = 120;
const telephoneLimit = 40;
const referenceLimit = 64;

/** One line: composed characters, single blanks, none at the ends. */
export function tidied(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

/** Everything in it is seen, and is what was meant. */
export function isPrintable(text: string): boolean {
  const isSeen = !hasInvisible(text) && !text.includes(illegible);
  return isSeen && !/[\p{Cf}\p{Co}\p{Cn}]/u.test(text.replaceAll('\u200d', ''));
}

/** A line that may be empty only where `least` is 0. Throws `code` with `limit`. */
export function lineOf(text: string, code: ErrorCode, limit: number, least: 0 | 1 = 0): string {
  const line = tidied(text);
  if (isPrintable(line) && line.length >= least && line.length <= limit) return line;
  throw new XmError(code, { limit });
}

/** Throws `name-invalid`. */
export function nameOf(text: string): string {
  return lineOf(text, 'name-invalid', nameLimit, 1);
}

/** Throws `telephone-invalid`. */
export function telephoneOf(text: string): string {
  const line = tidied(text);
  if (line.length <= telephoneLimit && /^[\d+ .()/-]*$/.test(line)) return line;
  throw new XmError('telephone-invalid', { limit: telephoneLimit });
}

/** What makes an act one, however often it is sent. Throws `reference-invalid`. */
export function referenceOf(text: string): string {
  const line = tidied(text);
  if (isPrintable(line) && line.length > 0 && line.length <= referenceLimit) return line;
  throw new XmError('reference-invalid', { reference: line, most: referenceLimit });
}

/** Throws `client-status-invalid`. */
export function statusOf(value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= 3) return value;
  throw new XmError('client-status-invalid', { value });
}

/** Throws `privilege-invalid`. */
export function privilegeOf(value: number): Privilege {
  if (value === 0 || value === 1 || value === 2 || value === 3 || value === 4) return value;
  throw new XmError('privilege-invalid', { value });
}

/** Throws `matricule-invalid`. */
export function matriculeOf(value: number): number {
  if (Number.isInteger(value) && value >= 1 && value < 2 ** 31) return value;
  throw new XmError('matricule-invalid', { value });
}

/** Letters and digits, so that `os:` in the journal is no operator's name. Throws `user-name-invalid`. */
export function userNameOf(text: string): string {
  const name = tidied(text);
  if (/^\p{L}[\p{L}\p{M}\d._-]{1,31}$/u.test(name)) return name;
  throw new XmError('user-name-invalid');
}

/** A day of the calendar, `YYYY-MM-DD`. Throws `day-invalid`. */
export function dayOf(text: string): string {
  const at = new Date(`${text}T00:00:00Z`);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at.getTime());
  // 30 February becomes 2 March.
  if (isDay && at.toISOString().startsWith(text)) return text;
  throw new XmError('day-invalid', { value: text });
}
