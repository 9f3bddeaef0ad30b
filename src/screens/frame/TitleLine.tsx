/**
 * The first line of a screen: the way to it, to the right how much it holds; or what is searched for, while it is typed.
 */
import type { ReactNode } from 'react';
import { displayWidth } from '../../terminal/glyph.ts';
import { ends } from '../components/cell.ts';
import { FieldRow } from '../components/FieldRow.tsx';
import { Line } from '../components/Line.tsx';
import { useLook } from '../look.ts';
import type { Screen } from '../screens.ts';
import { trailOf, trailText } from '../trail.ts';

export const titleRows = 1;

/** `screens`: the one that is seen, after those below it. */
export function TitleLine({ screens }: { readonly screens: readonly Screen[] }): ReactNode {
  const { window, glyphs } = useLook();
  const { tally = '', search } = screens.at(-1) ?? {};
  if (search) return <FieldRow label=" /" labelWidth={0} field={search} focused />;
  const right = tally === '' ? '' : `${tally} `;
  const room = window.columns - displayWidth(right) - 2;
  return <Line>{ends(` ${trailText(trailOf(screens), glyphs.crumb, room)}`, right, window.columns)}</Line>;
}
