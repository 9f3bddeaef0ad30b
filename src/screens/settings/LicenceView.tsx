/** The licence: what it allows, what is used. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { PagerView } from '../pager/PagerView.tsx';
import type { ViewProps } from '../views.tsx';

export function LicenceView({ screen, height }: ViewProps<'licence'>): ReactNode {
  const { texts } = useLook();
  return <PagerView pager={screen.pager} title={texts.settings.licence.title} height={height} />;
}
