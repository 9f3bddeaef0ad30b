import { beforeAll, describe, expect, it } from 'vitest';
import { TextField } from '../../src/screens/text-field.ts';
import { loadWidths } from '../../src/terminal/glyph.ts';

beforeAll(loadWidths);

function typed(field: TextField, ...keys: string[]): TextField {
  for (const key of keys) field.key(key.length === 1 ? { name: key, text: key } : { name: key, text: '' });
  return field;
}

const field = (limit = 20) => new TextField({ limit });

describe('a field of text', () => {
  it('takes characters where the cursor is', () => {
    const it = typed(field(), 'a', 'c', 'left', 'b', 'end', 'd', 'home', '_');
    expect(it.value).toBe('_abcd');
  });

  it('removes before and at the cursor, a character with its marks at once', () => {
    const it = typed(field(), 'x', 'e', '\u0301', 'y', 'left', 'backspace');
    expect(it.value).toBe('xy');
    expect(typed(it, 'delete', 'delete', 'backspace', 'backspace').value).toBe('');
  });

  it('takes the first line of a paste, without control characters', () => {
    const it = field();
    it.key({ name: 'paste', text: 'Ngao\x1b[31m\0undéré\r\nrm -rf' });
    expect(it.value).toBe('Ngao[31mundéré');
  });

  it('takes no more than its limit, and loses nothing that stands there', () => {
    const it = typed(field(5), 'a', 'e', 'left');
    it.key({ name: 'paste', text: 'bcdXYZ' });
    expect(it.value).toBe('abcde');
  });

  it('leaves other keys alone', () => {
    expect(field().key({ name: 'tab', text: '' })).toBe(false);
    expect(field().key({ name: 'left', text: '' })).toBe(true);
  });

  it('shows the part around the cursor', () => {
    const it = field();
    it.key({ name: 'paste', text: '0123456789' });
    expect(it.window(6)).toEqual({ text: '56789', caret: 5 });
    expect(typed(it, 'home').window(6)).toEqual({ text: '012345', caret: 0 });
    it.value = '東京東京';
    expect(it.window(6)).toEqual({ text: '京東京'.slice(1), caret: 4 });
  });

  it('shows nothing of a secret', () => {
    const it = new TextField({ limit: 20, secret: true });
    it.key({ name: 'paste', text: 'zzzz' });
    expect(it.window(10)).toEqual({ text: '', caret: 0 });
    expect(it.value).toBe('zzzz');
  });
});
