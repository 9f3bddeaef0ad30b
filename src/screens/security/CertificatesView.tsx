/** Certificates as a list, below how the authority stands. */
import type { ReactNode } from 'react';
import { Line } from '../components/Line.tsx';
import { ListView } from '../list/ListView.tsx';
import { useLook, useObserved } from '../look.ts';
import type { ViewProps } from '../views.tsx';
import { overviewLines } from './certificates.ts';

const linesAbove = 2;

export function CertificatesView({ screen, height }: ViewProps<'certificates'>): ReactNode {
  const look = useLook();
  const { security } = look.texts;
  useObserved(screen.list);
  const [first, second] = overviewLines(screen, look);
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
      <ListView
        list={screen.list}
        title={screen.isAll ? security.all : security.inForce}
        height={height - linesAbove}
        nothing={security.nothing}
      />
    </>
  );
}
