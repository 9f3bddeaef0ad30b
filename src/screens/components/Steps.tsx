/** Steps of something that takes its time: what each one is, how it stands, how far it is. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { cell } from './cell.ts';
import { Line, Toned } from './Line.tsx';

export interface Step {
  readonly name: string;
  readonly done: boolean;
  readonly state: string;
  readonly progress?: string | undefined;
}

const nameWidth = 36;
const stateWidth = 10;

export function Steps({ steps }: { readonly steps: readonly Step[] }): ReactNode {
  const { glyphs } = useLook();
  return steps.map(({ name, done, state, progress = '' }) => (
    <Line key={name}>
      {` ${done ? ' ' : glyphs.marker} ${cell(name, nameWidth)}`}
      <Toned tone={done ? 'good' : 'plain'}>{cell(state, stateWidth)}</Toned>
      {done ? '' : progress}
    </Line>
  ));
}
