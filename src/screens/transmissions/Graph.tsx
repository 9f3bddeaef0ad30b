/** Messages received in the last hour. A bar stays where it is: the newest is the one before the gap. */
import type { ReactNode } from 'react';
import { grouped } from '../../text/format.ts';
import { Line } from '../components/Line.tsx';
import { useLook } from '../look.ts';
import type { MinuteRing } from './minute-ring.ts';

export function Graph({ minutes }: { readonly minutes: MinuteRing }): ReactNode {
  const { texts, language, glyphs } = useLook();
  const bars = minutes.heights.map(height => (height === undefined ? ' ' : glyphs.bars[height]));
  const { lastHour, peak } = texts.monitor;
  return <Line>{` ${lastHour}   ${bars.join('')}   ${peak(grouped(minutes.peak, language))}`}</Line>;
}
