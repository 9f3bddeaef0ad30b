/** The certificates of a client. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { PagerView } from '../pager/PagerView.tsx';
import type { ViewProps } from '../views.tsx';

export function ClientCertificatesView({ screen, height }: ViewProps<'client-certificates'>): ReactNode {
  const { texts } = useLook();
  return <PagerView pager={screen.pager} title={texts.clients.certificates} height={height} />;
}
