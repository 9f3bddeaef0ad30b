/** Certificates as a list, below how the authority stands. */
import type { ReactNode } from 'react';
import { Line } from '../components/Line.tsx';
import { ListView } from '../list/ListView.tsx';
import { useObserved } from '../look.ts';
import type { ViewProps } from '../views.tsx';

const linesAbove = 2;

export function CertificatesView({ screen, height }: ViewProps<'certificates'>): ReactNode {
  useObserved(screen.list);
  const [first, second] = screen.above;
  return (
    <>
      {[first, second].map((line, place) => {
        // A line above the list is its place, whatever stands there.
        const key = `line ${place}`;
        return (
          <Line key={key} tone={line?.isBad ? 'bad' : 'plain'}>
            {` ${line?.text ?? ''}`}
          </Line>
        );
      })}
      <ListView screen={screen} height={height - linesAbove} />
    </>
  );
}
