/** Something to read about a client. */
import type { ReactNode } from 'react';
import { PagerView } from './PagerView.tsx';
import type { PaperScreen } from './paper.ts';

interface PaperViewProps {
  readonly screen: PaperScreen;
  readonly height: number;
}

export function PaperView({ screen, height }: PaperViewProps): ReactNode {
  return <PagerView pager={screen.pager} title={screen.title} height={height} />;
}
