/** The steps of bringing the installation up. */
import type { ReactNode } from 'react';
import type { StartStep } from '../../core/console-ports.ts';
import { Steps } from '../components/Steps.tsx';
import { useLook } from '../look.ts';

interface StartStepsProps {
  readonly steps: readonly StartStep[];
  readonly failed: boolean;
}

export function StartSteps({ steps, failed }: StartStepsProps): ReactNode {
  const { texts } = useLook();
  const shown = steps.map(({ id, state, progress }) => ({
    name: texts.start.steps[id],
    done: state === 'done',
    state: texts.start[failed && state === 'running' ? 'broken' : state],
    progress,
  }));
  return <Steps steps={shown} />;
}
