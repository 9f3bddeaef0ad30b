/** Brokers as a list, the one in use marked. */
import type { ReactNode } from 'react';
import { ListView } from '../list/ListView.tsx';
import { useLook } from '../look.ts';
import type { ViewProps } from '../views.tsx';

export function BrokersView({ screen, height }: ViewProps<'brokers'>): ReactNode {
  const { texts } = useLook();
  return (
    <ListView
      list={screen.list}
      title={texts.settings.brokers.title}
      height={height}
      nothing={texts.settings.brokers.nothing}
    />
  );
}
