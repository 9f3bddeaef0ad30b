/** The texts of the console: the same in both languages, and nowhere else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consoleTexts } from '../../src/text/console.ts';
import { clockTime, grouped, moment } from '../../src/text/format.ts';

const screens = join(import.meta.dirname, '../../src/screens');

function names(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? names(value, `${prefix}${name}.`)
      : [`${prefix}${name}: ${Array.isArray(value) ? 'list' : typeof value}`],
  );
}

describe('texts', () => {
  it('have the same names in both languages', () => {
    expect(names(consoleTexts.en)).toEqual(names(consoleTexts.fr));
  });

  it('have commands that are not taken by another act in another language', () => {
    const taken = new Map<string, string>();
    for (const { acts } of Object.values(consoleTexts)) {
      for (const [act, { commands }] of Object.entries(acts)) {
        for (const command of commands) {
          expect(taken.get(command) ?? act).toBe(act);
          taken.set(command, act);
        }
      }
    }
  });

  it('stand in no view', () => {
    const views = readdirSync(screens, { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.tsx'),
    );
    expect(views.length).toBeGreaterThan(10);
    for (const view of views) {
      const source = readFileSync(join(screens, view), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      // Words between tags, and words in quotes with a space or an accent among them.
      expect(source.match(/>\s*[\p{L}]{2,}[^<>{}=;()]*<\//gu), view).toBeNull();
      expect(source.match(/'[^'\n]*\p{L}[^'\n]* [^'\n]*\p{L}[^'\n]*'/gu), view).toBeNull();
      expect(source.match(/['"`][^'"`\n]*[À-ÿ][^'"`\n]*['"`]/gu), view).toBeNull();
    }
  });
});

describe('numbers and moments', () => {
  it.each([
    [0, '0', '0'],
    [999, '999', '999'],
    [1_284, '1 284', '1,284'],
    [431_090_000, '431 090 000', '431,090,000'],
    [612.7, '612', '612'],
  ])('%d is %s, %s', (value, french, english) => {
    expect(grouped(value, 'fr')).toBe(french);
    expect(grouped(value, 'en')).toBe(english);
  });

  it('are of the time zone of the console', () => {
    const at = new Date(2026, 2, 9, 4, 5, 6).getTime();
    expect(clockTime(at)).toBe('04:05:06');
    expect(moment(at, at, 'fr')).toBe('04:05');
    expect(moment(at, at + 86_400_000, 'fr')).toBe('09/03/2026 04:05');
    expect(moment(at, at + 86_400_000, 'en')).toBe('2026-03-09 04:05');
  });
});
