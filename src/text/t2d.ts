/** The texts of T2D, by language; and the note beside a refused file, which is in both: nobody knows who will read it. */
import { hint, sentence } from '../core/errors.ts';
import { type Language, languages } from '../core/language.ts';
import type { Reason } from '../core/ports.ts';
import { printable } from '../core/t2d.ts';
import type { Left } from '../core/t2d-run.ts';
import { t2d as en } from './en/t2d.ts';
import { t2d as fr, type T2dTexts } from './fr/t2d.ts';

export const t2dTexts: Readonly<Record<Language, T2dTexts>> = { fr, en };

/** Why a file was left alone, with what the system said where that is worth knowing. */
export function leftText({ why, detail }: Left, language: Language): string {
  const { left, faults } = t2dTexts[language];
  if (detail === undefined) return left[why];
  const known: Readonly<Record<string, string>> = faults;
  return `${left[why]} (${known[/^E[A-Z0-9]+/.exec(detail)?.[0] ?? ''] ?? detail})`;
}

/** The file's name, the moment (UTC), and each reason with what can be done about it. */
export function refusalNote(name: string, reasons: readonly Reason[], at: number): string {
  const moment = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const parts = languages.map(language => [
    t2dTexts[language].note(printable(name), moment),
    ...reasons.flatMap(({ code, params }) => {
      const advice = hint(code, params, language);
      return [sentence(code, params, language), ...(advice ? [advice] : [])];
    }),
  ]);
  // Windows' oldest editors show nothing else as a line's end.
  return `${parts.map(lines => lines.join('\r\n')).join('\r\n\r\n')}\r\n`;
}
