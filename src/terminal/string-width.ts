/**
 * What the bundle has in the place of string-width, which Ink lays out with: the same widths, and the package itself
 * (with its segmenter, and the regular expressions of all emojis: 60 ms of a start) only for a text that is not simple.
 */
import { stripVTControlCharacters } from 'node:util';
import { simple } from './simple.ts';

type StringWidth = (text: string, options?: object) => number;

let whole: StringWidth | undefined;

/** Columns of a text; `options` are the package's, for those who have some. */
export default function stringWidth(text: string, options?: object): number {
  if (options === undefined) {
    const plain = text.includes('\x1b') ? stripVTControlCharacters(text) : text;
    if (simple.test(plain)) return plain.length;
  }
  // Not imported: the bundle would evaluate it at once.
  whole ??= (require('string-width') as { readonly default: StringWidth }).default;
  return whole(text, options);
}
