/** One request, with its fingerprint. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { PagerView } from '../pager/PagerView.tsx';
import type { ViewProps } from '../views.tsx';

export function RequestView({ screen, height }: ViewProps<'request'>): ReactNode {
  const { texts } = useLook();
  return <PagerView pager={screen.pager} title={texts.security.request.one(screen.row.id)} height={height} />;
}
