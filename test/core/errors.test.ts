import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCodes, hint, sentence, XmError } from '../../src/core/errors.ts';
import { languages } from '../../src/core/language.ts';

const placeholders = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)].map(match => match[1] ?? '').sort((a, b) => a.localeCompare(b));

describe('the catalogue of errors', () => {
  it.each(errorCodes)('%s says the same in both languages', code => {
    const [french, english] = languages.map(language => sentence(code, {}, language));
    expect(placeholders(french ?? '')).toEqual(placeholders(english ?? ''));
    expect(placeholders(hint(code, {}, 'fr') ?? '')).toEqual(placeholders(hint(code, {}, 'en') ?? ''));
  });

  it('fills parameters in', () => {
    expect(sentence('column-missing', { column: 'Sexe' }, 'fr')).toBe('colonne « Sexe » absente');
    expect(new XmError('column-missing', { column: 'Sexe' }).message).toBe('column "Sexe" missing');
  });

  it('says what a sender wrote as one line that does nothing to a terminal', () => {
    const column = '\u001b[2J\n10:00 admin\u202e';
    expect(sentence('column-unknown', { column }, 'en')).toBe('unknown column " [2J 10:00 admin "');
  });

  it('stands in docs/errors.md, code by code and in no other order', () => {
    const document = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
    const rows = [...document.matchAll(/^\| `([a-z-]+)` \| (.*?) \| (.*?) \|/gm)];
    expect(rows.map(row => row.slice(1, 4))).toEqual(
      errorCodes.map(code => [code, sentence(code, {}, 'fr'), sentence(code, {}, 'en')]),
    );
  });
});
