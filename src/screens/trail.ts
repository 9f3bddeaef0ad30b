/** Breadcrumbs: the way from the Monitor to a screen, by the names of those that it was opened from. */
import { displayWidth } from '../terminal/glyph.ts';
import { cut, fitted } from './components/cell.ts';
import type { Screen } from './screens.ts';

/** Columns: of less than that a name tells nothing. */
const leastName = 12;

/** From the outermost to that of the last screen; what several are about is named once. */
export function trailOf(screens: readonly Screen[]): readonly string[] {
  const trail: string[] = [];
  for (const { about, title } of screens) {
    const own = title ?? about;
    if (own === undefined) continue;
    if (about !== undefined && !trail.includes(about)) trail.push(about);
    const known = trail.indexOf(own);
    // What is named already is not named again behind what was opened from it.
    if (known >= 0) trail.length = known + 1;
    else trail.push(own);
  }
  return trail;
}

/** As it fits into `width` columns: the outer ones give way, and the innermost last. */
export function trailText(trail: readonly string[], separator: string, width: number): string {
  const between = ` ${separator} `;
  const innermost = trail.at(-1) ?? '';
  for (const [at, crumb] of trail.entries()) {
    const before = at === 0 ? '' : cut + between;
    const after = trail
      .slice(at + 1)
      .map(inner => between + inner)
      .join('');
    const room = width - displayWidth(before + after);
    const isWhole = displayWidth(crumb) <= room;
    if (isWhole || (after !== '' && room >= leastName)) return before + fitted(crumb, room) + after;
  }
  return fitted(innermost, width);
}
