/** What is being closed or stopped before the console is gone. */
import type { ReactNode } from 'react';
import { Line } from './components/Line.tsx';
import { Steps } from './components/Steps.tsx';
import { Frame } from './frame/Frame.tsx';
import { useLook, useObserved } from './look.ts';
import type { Quitting } from './quitting.ts';

export function QuittingView({ quitting }: { readonly quitting: Quitting }): ReactNode {
  const { texts } = useLook();
  useObserved(quitting);
  const steps = quitting.steps.map(({ id, state }) => ({
    name: texts.quit.steps[id],
    done: state === 'done',
    state: state === 'done' ? texts.quit.stopped : texts.start.running,
  }));
  return (
    <Frame left={texts.product} right="" hints={<Line />} message={<Line />}>
      <Line>{` ${quitting.stopsServices ? texts.quit.stopping : texts.quit.leaving}`}</Line>
      <Line />
      <Steps steps={steps} />
    </Frame>
  );
}
