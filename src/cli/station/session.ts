/** What the commands of `xmstation` share: the open station, a link with a limit to its patience, how outcomes are told. */
import type { DataFolder } from '../../config.ts';
import { hint, sentence, XmError } from '../../core/errors.ts';
import type { Language } from '../../core/language.ts';
import type { Outcome } from '../../core/message.ts';
import type { FormTable } from '../../core/record.ts';
import { type AskingParts, ask, type Question } from '../../station/asking.ts';
import { programTexts } from '../../text/program.ts';
import type { StationTexts } from '../../text/station.ts';
import { exitCodes, positive } from '../command-line.ts';
import { type OpenOffice, type OpenStation, openOffice, openStation } from '../open-station.ts';
import { askSecrets } from '../secret-input.ts';
import { untilEnded } from '../signals.ts';
import { askingParts, whileLinked } from '../station-ask.ts';
import type { StationFlags } from './call.ts';
import { Progress } from './progress.ts';

export interface StationSession {
  readonly folder: DataFolder;
  readonly flags: StationFlags;
  readonly language: Language;
  readonly texts: StationTexts;
}

/** `args` are the words after the command. Returns the exit code. */
export type StationCommand = (session: StationSession, args: readonly string[]) => Promise<number>;

/** Seconds that a command waits for a broker, and for answers: over a satellite link, a few rounds of sending again. */
const usualWaitS = 300;

export function usage(detail: string): XmError {
  return new XmError('usage', { detail });
}

/** `--wait`, in milliseconds. Throws `usage`. */
export function waitMs({ flags, language }: StationSession): number {
  return (
    1_000 * (flags.wait === undefined ? usualWaitS : positive('--wait', flags.wait, language, 2_000_000))
  );
}

/** One JSON object, or lines. */
export function print({ flags }: StationSession, json: unknown, lines: readonly string[]): void {
  if (flags.json) console.log(JSON.stringify(json, jsonValue));
  else if (lines.length > 0) console.log(lines.join('\n'));
}

/** Numbers of PostgreSQL's int8 that JavaScript holds exactly are numbers; others stay text. */
function jsonValue(_name: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** For what the centre is asked. */
export function withStation(
  { folder }: StationSession,
  work: (open: OpenStation) => Promise<number>,
): Promise<number> {
  return closing(openStation(folder), work);
}

/** For what the office has itself. */
export function withOffice(
  { folder }: StationSession,
  work: (open: OpenOffice) => Promise<number>,
): Promise<number> {
  return closing(openOffice(folder), work);
}

async function closing<T extends OpenOffice>(
  opening: Promise<T>,
  work: (open: T) => Promise<number>,
): Promise<number> {
  const open = await opening;
  try {
    return await work(open);
  } finally {
    await open.close();
  }
}

/** Told how far a work is. */
type Tell = (text: string) => void;

/**
 * Has `work` done with a link, its own or that of `export --watch`. Throws `answer-late` where for `--wait` seconds it
 * has told nothing new.
 */
export async function linked<T>(
  session: StationSession,
  open: OpenStation,
  work: (parts: AskingParts, ending: AbortSignal, tell: Tell) => Promise<T>,
): Promise<T> {
  const { folder, flags, language } = session;
  const patience = waitMs(session);
  const startedAt = performance.now();
  const ended = new AbortController();
  const { signal } = ended;
  void untilEnded().then(() => ended.abort());
  const timer = setTimeout(() => ended.abort(), patience);
  const progress = new Progress(flags.json);
  const { broker, linkStates } = programTexts[language];
  let why: string | undefined;
  let told = '';
  const tell: Tell = text => {
    if (text !== told) timer.refresh();
    told = text;
    progress.show(text);
  };
  try {
    return await whileLinked(
      folder,
      open,
      event => {
        // Closed: by ourselves, in the end.
        if (event.kind !== 'link' || event.status.state === 'closed') return;
        const { state, reason } = event.status;
        why = reason && state !== 'connected' ? sentence(reason.code, reason.params, language) : undefined;
        progress.show(why ?? `${broker}: ${linkStates[state]}`);
      },
      signal,
      ending => work(askingParts(open), ending, tell),
    );
  } catch (error) {
    if (!signal.aborted || error instanceof XmError) throw error;
    progress.end();
    if (why !== undefined) console.error(why);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    throw new XmError('answer-late', { seconds }, { cause: error });
  } finally {
    clearTimeout(timer);
    progress.end();
  }
}

/** One question; resolves as `ask` does. */
export function asked(session: StationSession, open: OpenStation, question: Question) {
  return linked(session, open, (parts, ending, tell) =>
    ask(parts, question, ending, ({ isSent }) => {
      if (isSent) tell(session.texts.sent(question.service));
    }),
  );
}

/** Why the centre did not do it, to standard error; returns the exit code. `done`: what it did before. */
export function tellRefusal(
  session: StationSession,
  { reason }: Extract<Outcome, { kind: 'refused' }>,
  done: object = {},
): number {
  const { language, texts } = session;
  print(session, { ...done, refused: reason ?? null }, []);
  console.error(
    `${texts.refused}: ${reason ? sentence(reason.code, reason.params, language) : texts.silently}`,
  );
  const advice = reason && hint(reason.code, reason.params, language);
  if (advice) console.error(advice);
  return exitCodes.refused;
}

/** Throws `table-unknown`. */
export async function tableOf({ store }: OpenStation, name: string): Promise<FormTable> {
  const table = (await store.tables()).get(name);
  if (!table) throw new XmError('table-unknown', { table: name });
  return table;
}

/** What the command cannot do without. Throws `usage`. */
export function needed<T>({ texts }: StationSession, option: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw usage(texts.needs(option));
}

/** Typed without echo at a terminal, or lines of standard input with `--password-stdin`. Throws `usage`. */
export async function secrets(session: StationSession, prompts: readonly string[]): Promise<string[]> {
  if (!session.flags.passwordStdin && !process.stdin.isTTY)
    throw usage(session.texts.needs('--password-stdin'));
  return askSecrets(prompts);
}
