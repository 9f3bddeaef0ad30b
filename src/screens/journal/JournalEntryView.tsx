/** One act of the journal. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { PagerView } from '../pager/PagerView.tsx';
import type { ViewProps } from '../views.tsx';

export function JournalEntryView({ screen, height }: ViewProps<'journal-entry'>): ReactNode {
  const { texts } = useLook();
  return <PagerView pager={screen.pager} title={texts.journal.one(screen.row.id)} height={height} />;
}
