/** One message, decoded or as its bytes. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { PagerView } from '../pager/PagerView.tsx';
import type { ViewProps } from '../views.tsx';

export function MessageView({ screen, height }: ViewProps<'message'>): ReactNode {
  const { texts } = useLook();
  return <PagerView pager={screen.pager} title={texts.messages.one(screen.id)} height={height} />;
}
