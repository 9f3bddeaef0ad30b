/** Some lines of many, and a sign where there are more. */
import { type ReactNode, useLayoutEffect } from 'react';
import { cell } from '../components/cell.ts';
import { Line } from '../components/Line.tsx';
import { useLook, useObserved } from '../look.ts';
import type { PagerScreen } from '../screens.ts';

const labelWidth = 22;
/** Between the title and the text, and below it. */
const rowsAround = 2;

interface PagerViewProps {
  readonly screen: PagerScreen;
  readonly height: number;
}

export function PagerView({ screen, height }: PagerViewProps): ReactNode {
  const { pager } = screen;
  const { glyphs } = useLook();
  useObserved(pager);
  useLayoutEffect(() => pager.resize(Math.max(1, height - rowsAround)), [pager, height]);
  return (
    <>
      <Line />
      {pager.lines.map(({ label, text, isBad = false }, place) => {
        // A line of the pager is its place, whatever stands there.
        const key = `line ${place}`;
        return (
          <Line key={key} tone={isBad ? 'bad' : 'plain'}>
            {label === undefined ? ` ${text}` : `${cell(label, labelWidth, 'right')}  ${text}`}
          </Line>
        );
      })}
      <Line>{pager.hasMore ? ` ${glyphs.down}` : ' '}</Line>
    </>
  );
}
