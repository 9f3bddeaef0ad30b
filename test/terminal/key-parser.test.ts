import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Key } from '../../src/terminal/key.ts';
import { KeyParser } from '../../src/terminal/key-parser.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function parser() {
  const keys: Key[] = [];
  const it = new KeyParser(key => keys.push(key));
  return {
    push: (text: string) => it.push(Buffer.from(text)),
    pushBytes: (bytes: Uint8Array) => it.push(bytes),
    names: () => keys.splice(0).map(({ name }) => name),
    keys: () => keys.splice(0),
    close: () => it.close(),
  };
}

const sequences: readonly (readonly [bytes: string, name: string])[] = [
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  ['\x7f', 'backspace'],
  ['\b', 'backspace'],
  ['\x03', 'ctrl-c'],
  ['\x1a', 'ctrl-z'],
  ['a', 'a'],
  ['É', 'É'],
  ['👍', '👍'],
  [' ', ' '],
  ['\x1b[A', 'up'],
  ['\x1bOB', 'down'],
  ['\x1b[1;5C', 'ctrl-right'],
  ['\x1b[1;2D', 'shift-left'],
  ['\x1b[1;8A', 'ctrl-alt-shift-up'],
  ['\x1b[Z', 'shift-tab'],
  ['\x1b[H', 'home'],
  ['\x1b[1~', 'home'],
  ['\x1b[7~', 'home'],
  ['\x1b[4~', 'end'],
  ['\x1b[3~', 'delete'],
  ['\x1b[3;5~', 'ctrl-delete'],
  ['\x1b[5~', 'page-up'],
  ['\x1bOP', 'f1'],
  ['\x1b[[A', 'f1'],
  ['\x1b[[E', 'f5'],
  ['\x1b[15~', 'f5'],
  ['\x1b[24~', 'f12'],
  ['\x1bx', 'alt-x'],
  ['\x1bé', 'alt-é'],
  ['\x1b\r', 'alt-enter'],
];

describe('keys', () => {
  it.each(sequences)('%j is %s', (bytes, name) => {
    const { push, names } = parser();
    push(bytes);
    expect(names()).toEqual([name]);
  });

  it('come out the same however the bytes are split', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...sequences), { maxLength: 8 }),
        fc.infiniteStream(fc.nat(4)),
        (all, cuts) => {
          const { pushBytes, names } = parser();
          const bytes = Buffer.from(all.map(([text]) => text).join(''));
          for (let at = 0; at < bytes.length; ) {
            const size = 1 + (cuts.next().value ?? 0);
            pushBytes(bytes.subarray(at, at + size));
            at += size;
          }
          expect(names()).toEqual(all.map(([, name]) => name));
        },
      ),
    );
  });

  it.each([
    ['a report of the cursor', '\x1b[12;40R\x1b[?62;22c\x1b[I', []],
    ['an unknown key', '\x1b[99~a', ['a']],
    ['a null byte', '\0a', ['a']],
    ['a sequence that cannot end', '\x1b[1éa', ['é', 'a']],
  ])('%s is none', (_what, bytes, expected) => {
    const { push, names } = parser();
    push(bytes);
    expect(names()).toEqual(expected);
  });

  it('add their character to a text, and named ones nothing', () => {
    const { push, keys } = parser();
    push('é \r\x1b[A\x1bx');
    expect(keys().map(({ text }) => text)).toEqual(['é', ' ', '', '', '']);
  });
});

describe('Esc', () => {
  it('is a key when nothing follows it for a while', () => {
    const { push, names } = parser();
    push('\x1b');
    vi.advanceTimersByTime(199);
    expect(names()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(names()).toEqual(['escape']);
  });

  it('is a key at once when another Esc follows', () => {
    const { push, names } = parser();
    push('\x1b\x1b[A');
    expect(names()).toEqual(['escape', 'up']);
  });

  it.each([['[A'], ['OA'], ['[1;5A']])('begins a sequence whose rest %j comes within the wait', rest => {
    const { push, names } = parser();
    push('\x1b');
    vi.advanceTimersByTime(150);
    push(rest);
    expect(names()).toHaveLength(1);
    expect(names()).not.toContain('escape');
  });

  it('keeps a sequence together that comes in pieces over a second and more', () => {
    const { push, names } = parser();
    push('\x1b[');
    vi.advanceTimersByTime(1_200);
    push('1;');
    vi.advanceTimersByTime(1_200);
    push('5C');
    expect(names()).toEqual(['ctrl-right']);
  });

  it('leaves no text behind when the rest comes after the wait', () => {
    const { push, names } = parser();
    push('\x1b');
    vi.advanceTimersByTime(1_000);
    push('[A');
    push('[');
    expect(names()).toEqual(['escape', 'up', '[']);
  });

  it('forgets a sequence whose rest never comes', () => {
    const { push, names } = parser();
    push('\x1b[1');
    vi.advanceTimersByTime(2_000);
    push('a');
    expect(names()).toEqual(['a']);
  });
});

describe('a paste', () => {
  it('is one key, whatever is in it and however it comes', () => {
    const { push, keys } = parser();
    for (const piece of ['\x1b[20', '0~two\r', 'lines\x1b[A\x1b[2', '01~x']) push(piece);
    expect(keys()).toEqual([
      { name: 'paste', text: 'two\rlines\x1b[A' },
      { name: 'x', text: 'x' },
    ]);
  });

  it('ends by itself when its end is lost', () => {
    const { push, keys } = parser();
    push('\x1b[200~abc');
    vi.advanceTimersByTime(2_000);
    push('d');
    expect(keys().map(({ text }) => text)).toEqual(['abc', 'd']);
  });
});

it('tells nothing any more once closed', () => {
  const { push, names, close } = parser();
  push('\x1b');
  close();
  vi.advanceTimersByTime(10_000);
  expect(names()).toEqual([]);
});
