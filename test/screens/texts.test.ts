/** The texts of the console: the same in both languages, and nowhere else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { accountTexts } from '../../src/text/account.ts';
import { administrationTexts } from '../../src/text/administration.ts';
import { brokerTestTexts } from '../../src/text/broker-test.ts';
import { consoleTexts } from '../../src/text/console.ts';
import { clockTime, grouped, moment } from '../../src/text/format.ts';
import { licenceTexts } from '../../src/text/licence.ts';
import { linesTexts } from '../../src/text/lines.ts';
import { pkiTexts } from '../../src/text/pki.ts';
import { programTexts } from '../../src/text/program.ts';
import { stationTexts } from '../../src/text/station.ts';

const source = join(import.meta.dirname, '../../src');
const catalogues = {
  accountTexts,
  administrationTexts,
  brokerTestTexts,
  consoleTexts,
  licenceTexts,
  linesTexts,
  pkiTexts,
  programTexts,
  stationTexts,
};

function names(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? names(value, `${prefix}${name}.`)
      : [`${prefix}${name}: ${Array.isArray(value) ? 'list' : typeof value}`],
  );
}

describe('texts', () => {
  it.each(Object.entries(catalogues))('have the same names in both languages: %s', (_name, { fr, en }) => {
    expect(names(en)).toEqual(names(fr));
  });

  it('are not empty in one language alone', () => {
    const empty = (texts: object) => JSON.stringify(texts).match(/"[^"]*":""/g);
    for (const { fr, en } of Object.values(catalogues)) expect(empty(en)).toEqual(empty(fr));
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

  it.each(['screens', 'cli/plain-console'])('stand nowhere in %s', folder => {
    const files = readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' }).filter(name =>
      /\.tsx?$/.test(name),
    );
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const code = readFileSync(join(source, folder, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      const told = code.replace(/new Error\('[^']*'\)/g, '');
      // Words between tags, words in quotes, and in quotes an accent.
      if (file.endsWith('.tsx')) expect(told.match(/>\s*[\p{L}]{2,}[^<>{}=;()]*<\//gu), file).toBeNull();
      expect(told.match(/'\p{L}[\p{L}\p{M}’ ,.:;!?-]* [\p{L}\p{M}’ ,.:;!?-]*'/gu), file).toBeNull();
      expect(told.match(/['"`][^'"`\n]*[À-ÿ][^'"`\n]*['"`]/gu), file).toBeNull();
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
