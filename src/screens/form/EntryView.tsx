/** A form as a screen: the fields, and under them what is worth knowing. */
import type { ReactNode } from 'react';
import { Line } from '../components/Line.tsx';
import { useObserved } from '../look.ts';
import type { EntryScreen } from './entry.ts';
import { FormView } from './FormView.tsx';

interface EntryViewProps {
  readonly screen: EntryScreen;
  readonly height: number;
}

export function EntryView({ screen, height }: EntryViewProps): ReactNode {
  useObserved(screen);
  const { form, entry } = screen;
  if (!form || !entry) return null;
  const { notes = [] } = entry;
  const below = notes.length === 0 ? 0 : notes.length + 1;
  return (
    <>
      <FormView form={form} height={height - below} />
      {below > 0 && <Line />}
      {notes.map(note => (
        <Line key={note}>{` ${note}`}</Line>
      ))}
    </>
  );
}
