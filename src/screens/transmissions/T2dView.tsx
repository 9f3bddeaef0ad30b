/** The watched folder, and an import or export as it goes on and when it is over. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { PagerView } from '../pager/PagerView.tsx';
import type { ViewProps } from '../views.tsx';

export function T2dView({ screen, height }: ViewProps<'t2d'>): ReactNode {
  const { texts } = useLook();
  return <PagerView pager={screen.pager} title={texts.t2d.title} height={height} />;
}
