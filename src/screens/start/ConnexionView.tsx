/** The form of "Connexion", how far the attempt is, and why the one before has failed. */
import type { ReactNode } from 'react';
import { Line } from '../components/Line.tsx';
import { Paragraph } from '../components/Paragraph.tsx';
import type { Console } from '../console.ts';
import { wordsOf } from '../fault.ts';
import { EntryFrame } from '../form/EntryFrame.tsx';
import { useLook, useObserved } from '../look.ts';
import type { Connexion } from './connexion.ts';
import { StartSteps } from './StartSteps.tsx';

interface ConnexionViewProps {
  readonly console: Console;
  readonly connexion: Connexion;
}

export function ConnexionView({ console, connexion }: ConnexionViewProps): ReactNode {
  const { texts, language } = useLook();
  useObserved(connexion);
  const { entry, reason, steps } = connexion;
  return (
    <EntryFrame console={console} screen={entry} hints={['save', 'next-field', 'back', 'quit']}>
      <Line />
      {reason ? (
        <Paragraph text={wordsOf(reason, texts, language)} />
      ) : (
        <StartSteps steps={steps} failed={false} />
      )}
    </EntryFrame>
  );
}
