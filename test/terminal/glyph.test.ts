import fc from 'fast-check';
import stringWidth from 'string-width';
import { beforeAll, expect, it } from 'vitest';
import { displayWidth, glyphsOf, loadWidths } from '../../src/terminal/glyph.ts';
import ownWidth from '../../src/terminal/string-width.ts';

beforeAll(loadWidths);

it('takes no character for simple that is wide, joins another or has no width', () => {
  const wrong = [];
  for (let code = 0x20; code < 0x2600; code++) {
    const character = String.fromCodePoint(code);
    if (displayWidth(character) !== Math.min(2, stringWidth(character))) wrong.push(code.toString(16));
  }
  expect(wrong).toEqual([]);
});

it('counts columns as Ink does', () => {
  const texts = fc.string({
    unit: fc.constantFrom('a', 'é', 'e\u0301', '東', '👩‍👩‍👧', '🇨🇲', '☎️', 'ẅ', '한', '\u200b', '‒', '▸'),
  });
  fc.assert(fc.property(texts, text => displayWidth(text) === stringWidth(text)));
});

it('keeps a character and its marks together', () => {
  expect(glyphsOf('e\u0301👩‍👩‍👧x').map(({ text }) => text)).toEqual(['e\u0301', '👩‍👩‍👧', 'x']);
});

it('has in the bundle the widths of the package, of texts with colours, too', () => {
  const texts = fc.string({
    unit: fc.constantFrom(
      'a',
      'é',
      '▸',
      '\x1b[1;31m',
      '\x1b[m',
      '\x1b]8;;a\x07',
      '\x1b[',
      '\x1b',
      '\t',
      '東',
      '👩‍👩‍👧',
    ),
  });
  fc.assert(fc.property(texts, text => ownWidth(text) === stringWidth(text)));
  for (let code = 0; code < 0x2600; code++) {
    const character = String.fromCodePoint(code);
    expect([code, ownWidth(character)]).toEqual([code, stringWidth(character)]);
  }
});
