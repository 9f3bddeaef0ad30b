/** Text as glyphs, each with the columns it takes in a terminal, by the rules that Ink lays out with (string-width). */
import { simple } from './simple.ts';

export interface Glyph {
  readonly text: string;
  /** 1 or 2; 0 for what only joins the glyph before it. */
  readonly width: number;
}

/** Glyphs that terminals draw one or two columns wide, each as it pleases. */
const doubtful = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Spacing_Mark}|\u200d|\u20e3|\ufe0f/u;

let segmenter: Intl.Segmenter | undefined;
let stringWidth: (text: string) => number = () => 1;

/**
 * Loads the widths of all that is not simple; until then everything has one column. Apart, because the first frame can
 * do without.
 */
export async function loadWidths(): Promise<void> {
  ({ default: stringWidth } = await import('string-width'));
}

export function glyphsOf(text: string): Glyph[] {
  if (simple.test(text)) return Array.from(text, character => ({ text: character, width: 1 }));
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => ({
    text: segment,
    width: simple.test(segment) ? segment.length : Math.min(2, stringWidth(segment)),
  }));
}

/** Columns that a text without control characters takes. */
export function displayWidth(text: string): number {
  return simple.test(text) ? text.length : glyphsOf(text).reduce((sum, { width }) => sum + width, 0);
}

/** True where the terminal may advance by other than `displayWidth` columns. */
export function isDoubtful(glyph: string): boolean {
  return !simple.test(glyph) && doubtful.test(glyph);
}
