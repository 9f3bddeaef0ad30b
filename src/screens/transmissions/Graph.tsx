/**
 * Messages received in the last hour. A bar stays where it is: the newest is the one before the gap. Thirty of them, two
 * minutes each, cost less than 100 bytes when all of them change.
 */
import type { ReactNode } from 'react';
import { grouped } from '../../text/format.ts';
import { Line } from '../components/Line.tsx';
import { useLook } from '../look.ts';
import type { MinuteRing } from './minute-ring.ts';

const count = 30;
const minutesPerBar = 60 / count;

export function Graph({ minutes }: { readonly minutes: MinuteRing }): ReactNode {
  const { texts, language, glyphs } = useLook();
  const full = minutes.scale * minutesPerBar;
  const bars = minutes.bars(count).map(bar => {
    const height = Math.ceil(((bar ?? 0) / full) * (glyphs.bars.length - 1));
    return bar === undefined ? ' ' : glyphs.bars[height];
  });
  const { lastHour, peak } = texts.monitor;
  return <Line>{` ${lastHour}   ${bars.join('')}   ${peak(grouped(minutes.peak, language))}`}</Line>;
}
