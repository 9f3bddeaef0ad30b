/** One certificate. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { PagerView } from '../pager/PagerView.tsx';
import type { ViewProps } from '../views.tsx';

export function CertificateView({ screen, height }: ViewProps<'certificate'>): ReactNode {
  const { texts } = useLook();
  return <PagerView pager={screen.pager} title={texts.security.one} height={height} />;
}
