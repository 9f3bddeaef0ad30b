/** The keys. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { PagerView } from '../pager/PagerView.tsx';
import type { ViewProps } from '../views.tsx';

export function HelpView({ screen, height }: ViewProps<'help'>): ReactNode {
  const { texts } = useLook();
  return <PagerView pager={screen.pager} title={texts.help.title} height={height} />;
}
