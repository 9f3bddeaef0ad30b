/** Days as people of each language type them, and as they are shown to be typed again. */
import { dayOf } from '../../core/administration/field.ts';
import type { Language } from '../../core/language.ts';

/**
 * `12/03/2026`, `12.3.2026`, `12032026` in French, `20260312` in English, `2026-03-12` in both: as `YYYY-MM-DD`.
 * Throws `day-invalid`.
 */
export function typedDay(text: string, language: Language): string {
  const line = text.trim();
  const match =
    language === 'fr'
      ? (/^(?<d>\d\d?)[/. -](?<m>\d\d?)[/. -](?<y>\d{4})$/.exec(line) ??
        /^(?<d>\d\d)(?<m>\d\d)(?<y>\d{4})$/.exec(line))
      : /^(?<y>\d{4})(?<m>\d\d)(?<d>\d\d)$/.exec(line);
  const { y, m, d } = match?.groups ?? {};
  return dayOf(y && m && d ? `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}` : line);
}
