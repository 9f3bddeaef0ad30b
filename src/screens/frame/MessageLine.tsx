/** The last line: a question, or the latest thing that was to be said, or what stands as long as it lasts. */
import type { ReactNode } from 'react';
import { Line } from '../components/Line.tsx';
import type { Message } from '../desk.ts';
import type { Question } from '../question.ts';

interface MessageLineProps {
  readonly question: Question | undefined;
  readonly message: Message | undefined;
  readonly standing?: Message | undefined;
}

export function MessageLine({ question, message, standing }: MessageLineProps): ReactNode {
  if (question) return <Line tone="bad">{` ${question.text}`}</Line>;
  const said = message ?? standing;
  return said ? <Line tone={said.tone}>{` ${said.text}`}</Line> : <Line />;
}
