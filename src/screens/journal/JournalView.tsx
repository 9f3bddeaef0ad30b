/** The journal of acts as a list. */
import type { ReactNode } from 'react';
import { ListView } from '../list/ListView.tsx';
import { useLook } from '../look.ts';
import type { ViewProps } from '../views.tsx';

export function JournalView({ screen, height }: ViewProps<'journal'>): ReactNode {
  const { texts } = useLook();
  return (
    <ListView
      list={screen.list}
      title={texts.journal.title}
      height={height}
      nothing={texts.journal.nothing}
    />
  );
}
