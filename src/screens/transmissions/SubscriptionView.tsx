/** What the engine is subscribed to. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { PagerView } from '../pager/PagerView.tsx';
import type { ViewProps } from '../views.tsx';

export function SubscriptionView({ screen, height }: ViewProps<'subscription'>): ReactNode {
  const { texts } = useLook();
  return <PagerView pager={screen.pager} title={texts.subscription.title} height={height} />;
}
