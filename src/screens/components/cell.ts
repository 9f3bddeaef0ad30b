/** Text of an exact width: the columns of tables. */
import { printable } from '../../core/printable.ts';
import { displayWidth, glyphsOf } from '../../terminal/glyph.ts';

/** In the place of what is left out. */
export const cut = '…';

/** `text` in exactly `width` columns, cut with `…` where it is longer. */
export function cell(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const clean = fitted(text, width);
  const space = ' '.repeat(width - displayWidth(clean));
  return align === 'left' ? clean + space : space + clean;
}

/** `text` in at most `width` columns, without what nobody sees. */
export function fitted(text: string, width: number): string {
  const clean = printable(text);
  if (displayWidth(clean) <= width) return clean;
  return width > 0 ? startOf(clean, width - 1) + cut : '';
}

/** As much of it as `width` columns have room for. */
export function startOf(text: string, width: number): string {
  let used = 0;
  let start = '';
  for (const glyph of glyphsOf(text)) {
    used += glyph.width;
    if (used > width) break;
    start += glyph.text;
  }
  return start;
}

/** Two texts at both ends of a line of `width` columns; the left one gives way. */
export function ends(left: string, right: string, width: number): string {
  const end = fitted(right, width);
  return cell(left, Math.max(0, width - displayWidth(end) - 1)) + (end === '' ? '' : ` ${end}`);
}
