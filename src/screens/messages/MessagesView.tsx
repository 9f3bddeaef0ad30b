/** The journal of messages as a list. */
import type { ReactNode } from 'react';
import { ListView } from '../list/ListView.tsx';
import { useLook } from '../look.ts';
import type { ViewProps } from '../views.tsx';

export function MessagesView({ screen, height }: ViewProps<'messages'>): ReactNode {
  const { texts } = useLook();
  return (
    <ListView
      list={screen.list}
      title={texts.messages.title}
      height={height}
      nothing={texts.messages.nothing}
    />
  );
}
