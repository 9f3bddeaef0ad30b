/** Arguments of the two programs: clear refusals, exit codes. */
import { hint, sentence, XmError } from '../core/errors.ts';
import { type Language, languages } from '../core/language.ts';
import { environmentLanguage } from '../environment.ts';
import { programTexts } from '../text/program.ts';

/** Exit codes of both programs. */
export const exitCodes = {
  ok: 0,
  /** Something failed; the sentence is on standard error. */
  failed: 1,
  /** The words of the call are wrong. */
  usage: 2,
  /** `status`: no engine runs, as `systemctl status` has it. */
  notRunning: 3,
  /** `xmstation export`: records still wait for their receipt. */
  waiting: 4,
  /** `xmstation export`: the server refused records. */
  refused: 5,
} as const;

/** The language of a call: `--lang`, else the environment's. Read apart, so that errors of the call itself are worded. */
export function languageOf(argv: readonly string[]): Language {
  const at = argv.findIndex(argument => argument === '--lang' || argument.startsWith('--lang='));
  const given = at < 0 ? undefined : (argv[at]?.split('=')[1] ?? argv[at + 1]);
  return languages.find(language => language === given) ?? environmentLanguage();
}

/** For commands that take none. Throws `usage`. */
export function noArguments(args: readonly string[], language: Language): void {
  if (args[0] !== undefined) throw usage(programTexts[language].argumentUnknown(args[0]));
}

/** A flag that counts something. Throws `usage` for what is no positive whole number, or more than `most`. */
export function positive(option: string, value: number, language: Language, most?: number): number {
  if (Number.isSafeInteger(value) && value > 0 && value <= (most ?? value)) return value;
  throw usage(programTexts[language].numberNeeded(option, most));
}

/** Prints an error as it is to be read, to standard error; returns the exit code for it. */
export function reportError(name: string, error: unknown, language: Language): number {
  if (!(error instanceof XmError)) {
    // Not foreseen: the trace is what will find the cause.
    console.error(`${name}:`, error);
    return exitCodes.failed;
  }
  console.error(`${name}: ${sentence(error.code, error.params, language)}`);
  const advice = hint(error.code, error.params, language);
  if (advice) console.error(advice);
  return error.code === 'usage' ? exitCodes.usage : exitCodes.failed;
}

export function usage(detail: string): XmError {
  return new XmError('usage', { detail });
}
