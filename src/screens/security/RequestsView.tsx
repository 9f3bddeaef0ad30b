/** Requests that wait, as a list. */
import type { ReactNode } from 'react';
import { ListView } from '../list/ListView.tsx';
import { useLook } from '../look.ts';
import type { ViewProps } from '../views.tsx';

export function RequestsView({ screen, height }: ViewProps<'requests'>): ReactNode {
  const { texts } = useLook();
  return (
    <ListView
      list={screen.list}
      title={texts.security.request.title}
      height={height}
      nothing={texts.security.request.nothing}
    />
  );
}
