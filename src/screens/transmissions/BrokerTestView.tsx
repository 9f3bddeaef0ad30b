/** The broker test, as it goes on and when it is over. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { PagerView } from '../pager/PagerView.tsx';
import type { ViewProps } from '../views.tsx';

export function BrokerTestView({ screen, height }: ViewProps<'broker-test'>): ReactNode {
  const { texts } = useLook();
  return <PagerView pager={screen.pager} title={texts.brokerTest.title} height={height} />;
}
