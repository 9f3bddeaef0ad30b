/** The table of keys, and docs/keys.md, which is made of it: UPDATE_GOLDEN=1 writes it anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { languages } from '../../src/core/language.ts';
import { bindings, caption, type Place } from '../../src/screens/keys.ts';
import { menus } from '../../src/screens/menus.ts';
import { consoleTexts } from '../../src/text/console.ts';

const file = new URL('../../docs/keys.md', import.meta.url);
const places = Object.keys(bindings) as Place[];

function document(): string {
  const sections = places.map(place => {
    const rows = bindings[place].map(({ id, keys }) => {
      const captions = languages.map(language =>
        keys.map(key => caption(key, consoleTexts[language])).join(' '),
      );
      const shown = captions[0] === captions[1] ? captions[0] : captions.join(' / ');
      return `| ${shown} | ${languages.map(language => consoleTexts[language].keys[id].help).join(' | ')} |`;
    });
    const title = languages.map(language => consoleTexts[language].help.places[place]).join(' · ');
    return [`## ${title}`, '', '| touche / key | français | English |', '| --- | --- | --- |', ...rows].join(
      '\n',
    );
  });
  const intro =
    'Made from `src/screens/keys.ts` (`UPDATE_GOLDEN=1 npx vitest run test/screens/keys.test.ts`). ' +
    'Letters work in either case; neither Alt nor a function key is ever needed.';
  return `${['# Keys', intro, ...sections].join('\n\n')}\n`;
}

describe('the table of keys', () => {
  it.each(places)('has each key once: %s', place => {
    const keys = bindings[place].flatMap(binding => binding.keys);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it('has a letter for each menu', () => {
    const ids = bindings.everywhere.map(({ id }) => id);
    for (const { id } of menus) expect(ids).toContain(`menu-${id}`);
  });

  it('stands in docs/keys.md', () => {
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, document());
    expect(readFileSync(file, 'utf8')).toBe(document());
  });
});
