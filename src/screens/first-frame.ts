/** What the screen shows before Ink is there to draw it: the same as the view of the start, without its steps. */
import type { ConsoleTexts } from '../text/console.ts';
import { ends } from './components/cell.ts';
import type { Glyphs } from './glyphs.ts';
import { captionOf } from './keys.ts';
import type { Area } from './window.ts';

/** The rows of a window of this size. */
export function firstFrame({ columns, rows }: Area, texts: ConsoleTexts, glyphs: Glyphs): string[] {
  const rule = glyphs.rule.repeat(columns);
  const head = [ends(texts.product, '', columns), '', rule, ` ${texts.start.title}`];
  const foot = [rule, ` ${captionOf('quit', ['start'], texts)} ${texts.keys.quit.hint}`, ''];
  const between = Array.from({ length: Math.max(0, rows - head.length - foot.length) }, () => '');
  return [...head, ...between, ...foot].slice(0, rows);
}
