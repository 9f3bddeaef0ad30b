/** A form before anybody is logged in: alone in the window. */
import type { ReactNode } from 'react';
import type { Console } from '../console.ts';
import { Frame } from '../frame/Frame.tsx';
import { Answers, Hints, useHints } from '../frame/Hints.tsx';
import { MessageLine } from '../frame/MessageLine.tsx';
import { TitleLine, titleRows } from '../frame/TitleLine.tsx';
import type { BindingId } from '../keys.ts';
import { useLook, useObserved } from '../look.ts';
import { EntryView } from './EntryView.tsx';
import type { EntryScreen } from './entry.ts';

interface EntryFrameProps {
  readonly console: Console;
  readonly screen: EntryScreen;
  readonly hints: readonly BindingId[];
  /** Below the form. */
  readonly children?: ReactNode;
}

export function EntryFrame({ console, screen, hints, children }: EntryFrameProps): ReactNode {
  const { texts, window } = useLook();
  useObserved(screen);
  const { question, message } = console;
  const shown = useHints(hints, ['form', 'everywhere']);
  return (
    <Frame
      left={texts.product}
      right=""
      hints={question ? <Answers question={question} /> : <Hints hints={shown} />}
      message={<MessageLine question={question} message={message} />}
    >
      <TitleLine screens={[screen]} />
      <EntryView screen={screen} height={window.workArea.rows - titleRows} />
      {children}
    </Frame>
  );
}
