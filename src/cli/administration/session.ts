/** What the commands of administration share: the rules' ports, who acts, and how they read their words. */
import type { DataFolder } from '../../config.ts';
import type { Administration } from '../../core/administration/ports.ts';
import { XmError } from '../../core/errors.ts';
import type { Language } from '../../core/language.ts';
import type { Operator } from '../../core/operator.ts';
import type { PageRequest } from '../../core/page.ts';
import type { Database } from '../../db/database.ts';
import type { AdministrationTexts } from '../../text/administration.ts';
import { positive } from '../command-line.ts';
import type { Answer } from '../pki/session.ts';
import { askSecrets } from '../secret-input.ts';
import type { AdministrationFlags } from './call.ts';

export interface AdministrationSession {
  readonly administration: Administration;
  readonly operator: Operator;
  readonly flags: AdministrationFlags;
  readonly language: Language;
  readonly texts: AdministrationTexts;
  /** For the certificates of clients, which `xmserver pki` files. */
  readonly folder: DataFolder;
  readonly system: Database;
}

export type Command = (session: AdministrationSession, args: readonly string[]) => Promise<Answer>;

const pageSize = 50;

export function usage(detail: string): XmError {
  return new XmError('usage', { detail });
}

/** What the command cannot do without. Throws `usage`. */
export function needed<T>({ texts }: AdministrationSession, option: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw usage(texts.needs(option));
}

/** A matricule, or the number of something. Throws `usage`. */
export function numberOf(session: AdministrationSession, what: string, text: string | undefined): number {
  return wholeNumber(session, what, Number(needed(session, what, text)));
}

/** Matricules and the numbers of rows are PostgreSQL's integers. Throws `usage`. */
export function wholeNumber({ language }: AdministrationSession, what: string, value: number): number {
  return positive(what, value < 2 ** 31 ? value : Number.NaN, language);
}

/** `--limit`, or a page. Throws `usage`. */
export function limitOf({ flags, language }: AdministrationSession): number {
  return flags.limit === undefined ? pageSize : positive('--limit', flags.limit, language);
}

/** `--after`, or the list's head. */
export function fromOf({ flags }: AdministrationSession): PageRequest['from'] {
  return flags.after === undefined ? 'start' : { side: 'after', key: flags.after };
}

/** One of the columns that a list can be sorted by. Throws `usage`. */
export function sortOf<T extends string>(session: AdministrationSession, sorts: readonly T[], initial: T): T {
  const given = session.flags.sort ?? initial;
  const found = sorts.find(one => one === given);
  if (found !== undefined) return found;
  throw usage(session.texts.oneOf('--sort', sorts.join(', ')));
}

/** Only what was given: what is absent stays as it is. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** A change that changes nothing is a mistake. Throws `usage`. */
export function demandSome(session: AdministrationSession, changes: object): void {
  if (Object.keys(changes).length === 0) throw usage(session.texts.nothingToChange);
}

/**
 * A new password: typed twice at a terminal, or one line of standard input with `--password-stdin`; without either
 * nobody would see the question. Throws `usage`, `passwords-differ`.
 */
export async function newPassword(session: AdministrationSession, prompt: string): Promise<string> {
  const { flags, texts } = session;
  if (flags.passwordStdin) return (await askSecrets([prompt]))[0] ?? '';
  if (!process.stdin.isTTY) throw usage(texts.needs('--password-stdin'));
  const [first = '', second] = await askSecrets([prompt, texts.passwordAgain]);
  if (first !== second) throw new XmError('passwords-differ');
  return first;
}

/** `YYYY-MM-DD HH:MM:SS` of this machine's time zone. */
export function stamp(at: number): string {
  const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
