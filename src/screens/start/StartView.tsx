/** The start of the installation, while it goes on and when it failed. */
import type { ReactNode } from 'react';
import { Line } from '../components/Line.tsx';
import { Paragraph } from '../components/Paragraph.tsx';
import { Steps } from '../components/Steps.tsx';
import type { Console } from '../console.ts';
import { wordsOf } from '../fault.ts';
import { Frame } from '../frame/Frame.tsx';
import { Answers, Hints, useHints } from '../frame/Hints.tsx';
import { MessageLine } from '../frame/MessageLine.tsx';
import { useLook, useObserved } from '../look.ts';
import type { Start } from './start.ts';

interface StartViewProps {
  readonly console: Console;
  readonly start: Start;
}

export function StartView({ console, start }: StartViewProps): ReactNode {
  const { texts, language } = useLook();
  useObserved(start);
  const { failure } = start;
  const hints = useHints(failure ? ['retry', 'quit'] : ['quit'], ['start']);
  const { question, message } = console;
  const steps = start.steps.map(({ id, state, progress }) => ({
    name: texts.start.steps[id],
    done: state === 'done',
    state: texts.start[failure && state === 'running' ? 'broken' : state],
    progress,
  }));
  return (
    <Frame
      left={texts.product}
      right=""
      hints={question ? <Answers question={question} /> : <Hints hints={hints} />}
      message={<MessageLine question={question} message={message} />}
    >
      <Line>{` ${texts.start.title}`}</Line>
      <Line />
      <Steps steps={steps} />
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
