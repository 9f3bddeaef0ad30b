/** The operators as a list. */
import type { ReactNode } from 'react';
import { ListView } from '../list/ListView.tsx';
import { useLook } from '../look.ts';
import type { ViewProps } from '../views.tsx';

export function OperatorsView({ screen, height }: ViewProps<'operators'>): ReactNode {
  const { texts } = useLook();
  const { title, nothing } = texts.operators;
  return <ListView list={screen.list} title={title} height={height} nothing={nothing} />;
}
