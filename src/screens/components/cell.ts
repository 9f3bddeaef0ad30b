/** Text of an exact width: the columns of tables. */
import { displayWidth, glyphsOf } from '../../terminal/glyph.ts';

/** In the place of what is left out. */
export const cut = '…';

/** `text` in exactly `width` columns, cut with `…` where it is longer. */
export function cell(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const clean = fitted(text, width);
  const space = ' '.repeat(width - displayWidth(clean));
  return align === 'left' ? clean + space : space + clean;
}

/** `text` in at most `width` columns, without control characters. */
export function fitted(text: string, width: number): string {
  const clean = text.replace(/\p{Control}/gu, ' ');
  if (displayWidth(clean) <= width) return clean;
  let used = 0;
  let shown = '';
  for (const glyph of glyphsOf(clean)) {
    used += glyph.width;
    if (used > width - 1) break;
    shown += glyph.text;
  }
  return width > 0 ? shown + cut : '';
}

/** Two texts at both ends of a line of `width` columns; the left one gives way. */
export function ends(left: string, right: string, width: number): string {
  const end = fitted(right, width);
  return cell(left, Math.max(0, width - displayWidth(end) - 1)) + (end === '' ? '' : ` ${end}`);
}
