/** What stands of a new installation, and the step that comes. */
import type { ReactNode } from 'react';
import { PagerView } from '../pager/PagerView.tsx';
import type { ViewProps } from '../views.tsx';

export function SetupView({ screen, height }: ViewProps<'setup'>): ReactNode {
  return <PagerView pager={screen.pager} title={screen.title} height={height} />;
}
