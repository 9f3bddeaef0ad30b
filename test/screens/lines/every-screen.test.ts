/** Every screen of the table is told in lines: one that is added and cannot be told fails here. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Language, languages } from '../../../src/core/language.ts';
import { EntryScreen } from '../../../src/screens/form/entry.ts';
import { type ScreenId, screens } from '../../../src/screens/screens.ts';
import { linesTexts } from '../../../src/text/lines.ts';
import { Centre } from '../fichier/centre.ts';
import { opening, openingsOf } from '../openings.ts';
import { Reader } from './reader.ts';

const centre = await Centre.open(Date.now());
afterAll(() => centre.remove());

let given: Awaited<ReturnType<typeof openingsOf>>;

beforeAll(async () => {
  given = await openingsOf(centre);
});

describe.each(languages)('%s', (language: Language) => {
  it.each(Object.keys(screens) as ScreenId[])('tells %s', async id => {
    const reader = await Reader.open(centre.ports(), language);
    const { desk, script, commands } = reader;
    const open = desk.open.bind(desk) as (screen: ScreenId, ...argument: unknown[]) => void;
    open(id, ...opening(given, id));
    const { screen } = desk.top;
    const isForm = screen instanceof EntryScreen;
    // Of a form all fields are seen, and nothing is saved.
    if (isForm) script.type(['.']);
    await commands.run('');
    const { heard, prompts } = script;
    const { lines } = script.talk;
    if (isForm) {
      expect(heard[0]).toBe(lines.form(script.talk.titleOf([screen])));
      expect(prompts).toHaveLength(1);
      expect(desk.isAtHome).toBe(true);
    } else {
      const title = id === 'help' ? '' : script.talk.titleOf([screen]);
      // What goes wrong at once is told before it.
      expect(heard.some(line => line.startsWith(title))).toBe(true);
      expect(heard.length).toBeGreaterThan(title === '' ? 0 : 1);
      expect(prompts).toEqual([]);
    }
    for (const line of heard) {
      // The counters of the engine are those of the program's own lines.
      if (id !== 'monitor') expect(line).not.toMatch(/ {2}|[─-▟]|\p{Control}/u);
      expect(line).not.toMatch(/undefined|\[object|no stores/);
    }
    expect(heard.join('\n')).not.toContain(linesTexts[language].unknown(''));
    desk.close();
  });
});
