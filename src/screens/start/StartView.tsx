/** The start of the installation, while it goes on and when it failed. */
import type { ReactNode } from 'react';
import { Line } from '../components/Line.tsx';
import { Paragraph } from '../components/Paragraph.tsx';
import type { Console } from '../console.ts';
import { wordsOf } from '../fault.ts';
import { Frame } from '../frame/Frame.tsx';
import { Answers, Hints, useHints } from '../frame/Hints.tsx';
import { MessageLine } from '../frame/MessageLine.tsx';
import { useLook, useObserved } from '../look.ts';
import { StartSteps } from './StartSteps.tsx';
import type { Start } from './start.ts';

interface StartViewProps {
  readonly console: Console;
  readonly start: Start;
}

export function StartView({ console, start }: StartViewProps): ReactNode {
  const { texts, language } = useLook();
  useObserved(start);
  const { failure } = start;
  const hints = useHints(start.hints, ['start']);
  const { question, message } = console;
  return (
    <Frame
      left={texts.product}
      right=""
      hints={question ? <Answers question={question} /> : <Hints hints={hints} />}
      message={<MessageLine question={question} message={message} />}
    >
      <Line>{` ${texts.start.title}`}</Line>
      <Line />
      <StartSteps steps={start.steps} failed={failure !== undefined} />
      {failure && (
        <>
          <Line />
          <Line tone="bad">{` ${texts.start.failed}`}</Line>
          <Paragraph text={wordsOf(failure, texts, language)} />
        </>
      )}
    </Frame>
  );
}
