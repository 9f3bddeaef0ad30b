/** The form of the first operator. */
import type { ReactNode } from 'react';
import type { Console } from '../console.ts';
import { EntryFrame } from '../form/EntryFrame.tsx';
import type { EntryScreen } from '../form/entry.ts';

interface FirstOperatorViewProps {
  readonly console: Console;
  readonly entry: EntryScreen;
}

export function FirstOperatorView({ console, entry }: FirstOperatorViewProps): ReactNode {
  return <EntryFrame console={console} screen={entry} hints={['save', 'next-field', 'quit']} />;
}
