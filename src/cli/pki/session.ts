/** What the commands of `xmserver pki` share: the key store, the database, and how they read their words. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { XmError } from '../../core/errors.ts';
import type { Language } from '../../core/language.ts';
import { hex, type KeyId } from '../../core/message.ts';
import type { Database, Queryable } from '../../db/database.ts';
import { type CertificateToFile, fileCertificate, findCertificate } from '../../db/system/certificate.ts';
import { clientNames } from '../../db/system/directory.ts';
import { writeJournal } from '../../db/system/operator.ts';
import type { Role } from '../../pki/authority.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { type KeyStore, readPassphraseFile } from '../../pki/key-store.ts';
import type { PkiTexts } from '../../text/pki.ts';
import { positive } from '../command-line.ts';
import { commandLineOperator } from '../command-line-operator.ts';
import type { PkiFlags } from '../pki-call.ts';

export interface PkiSession {
  readonly store: KeyStore;
  readonly system: Database;
  readonly flags: PkiFlags;
  readonly language: Language;
  readonly texts: PkiTexts;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What acts on certificates need: registry.ts. */
export interface Registry {
  readonly store: KeyStore;
  readonly system: Database;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Who acts, as the journal names him. */
  readonly operator: string;
}

export function registryOf({ store, system, now }: PkiSession): Registry {
  return { store, system, now, operator: commandLineOperator().userName };
}

/** What a command found or did: for programs, and for people. */
export interface Answer {
  readonly json: unknown;
  readonly lines: readonly string[];
}

export const roles: readonly Role[] = ['server', 'station', 'operator', 'signatory'];

export const dayMs = 86_400_000;
export const yearMs = 365.25 * dayMs;
/** Certificates begin a little earlier than now: a station's clock may be behind. */
export const clockMs = 3_600_000;

/** What the command cannot do without. Throws `usage`. */
export function needed<T>(session: PkiSession, option: string, value: T | undefined): T {
  if (value !== undefined && value !== '') return value;
  throw new XmError('usage', { detail: session.texts.needs(option) });
}

export function oneOf<T extends string>(
  session: PkiSession,
  option: string,
  value: string | undefined,
  values: readonly T[],
): T {
  const found = values.find(one => one === value);
  if (found !== undefined) return found;
  throw new XmError('usage', { detail: session.texts.oneOf(option, values.join(', ')) });
}

/** `--years`, or so many. */
export function yearsOf({ flags, language }: PkiSession, years: number): number {
  return flags.years === undefined ? years : positive('--years', flags.years, language);
}

/** `--host`: names and addresses, with commas between; none without the option. */
export function hostsOf({ flags }: PkiSession): string[] {
  return (flags.host ?? '')
    .split(',')
    .map(host => host.trim())
    .filter(Boolean);
}

/** A key id as people write it: hexadecimal, with or without colons. Undefined: it is none. */
export function keyIdFrom(text: string): KeyId | undefined {
  const digits = text.replaceAll(':', '');
  return /^[0-9a-f]{16}$/i.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}

/** Compares with `--fingerprint`, blanks aside; `id` names the request. Throws `fingerprint-different`. */
export function requireSameFingerprint(session: PkiSession, id: string, fingerprint: string): void {
  requireSame(id, needed(session, '--fingerprint', session.flags.fingerprint), fingerprint);
}

/** Compares as two persons do, blanks aside; `id` names the request. Throws `fingerprint-different`. */
export function requireSame(id: number | string, told: string, fingerprint: string): void {
  const digits = (text: string) => text.replace(/\D/g, '');
  if (digits(told) !== digits(fingerprint)) throw new XmError('fingerprint-different', { id });
}

/** The client of `--client` with his name; undefined without the option. Throws `client-unknown`. */
export async function clientOf({
  flags,
  system,
  language,
}: PkiSession): Promise<{ readonly matricule: number; readonly name: string } | undefined> {
  if (flags.client === undefined) return undefined;
  const matricule = positive('--client', flags.client, language);
  const name = (await clientNames(system, [matricule])).get(matricule);
  if (name === undefined) throw new XmError('client-unknown', { client: matricule });
  return { matricule, name };
}

export interface Owner {
  readonly client?: number | undefined;
  readonly role: Role;
}

/** Files a certificate and writes the journal. Throws `certificate-known`. */
export async function fileWithJournal(
  database: Queryable,
  act: string,
  certificate: Certificate,
  owner: Owner,
  operator?: string,
): Promise<void> {
  const { keyId, serial, subject } = certificate;
  if (!(await fileCertificate(database, toFile(certificate, owner)))) {
    throw new XmError('certificate-known', { subject });
  }
  await journal(database, act, { key: hex(keyId), serial, subject, ...owner }, operator);
}

/** The server's own, which a first start makes without filing them: filed, they can be listed, warned of, revoked. */
export async function fileOwnCertificates({
  store,
  system,
}: Pick<PkiSession, 'store' | 'system'>): Promise<void> {
  for (const { certificate } of store.certificates('server')) {
    if (await findCertificate(system, certificate.keyId)) continue;
    await fileCertificate(system, toFile(certificate, { role: 'server' }));
  }
}

function toFile(certificate: Certificate, { client, role }: Owner): CertificateToFile {
  const { keyId, spki, der, subject, notBefore, notAfter } = certificate;
  return { keyId, client, role, subject, spki, der, notBefore, notAfter };
}

/** On a command line the operator is who is logged in at the machine. */
export function journal(
  database: Queryable,
  act: string,
  detail: Readonly<Record<string, unknown>>,
  operator = commandLineOperator().userName,
): Promise<void> {
  return writeJournal(database, act, detail, operator);
}

export function passphraseOf(flags: PkiFlags): string | undefined {
  return flags.passphraseFile === undefined ? undefined : readPassphraseFile(flags.passphraseFile);
}

/** Throws `file-unreadable`. */
export function readInput(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new XmError('file-unreadable', { file, detail: (error as Error).message }, { cause: error });
  }
}

/** Throws `file-exists` (nothing is written over) and `file-unwritable`. */
export function writeOutput(file: string, text: string): void {
  requireFree(file);
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    throw unwritable(file, error);
  }
}

export function unwritable(file: string, error: unknown): XmError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new XmError('file-unwritable', { file, detail: code || message }, { cause: error });
}

/** Asked before anything is signed for the file. */
export function requireFree(file: string): void {
  if (existsSync(file)) throw new XmError('file-exists', { file });
}

/** `YYYY-MM-DD`. */
export function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Cells under each other: two blanks between columns. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map(row => row[at]?.length ?? 0)));
  return rows.map(row =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
