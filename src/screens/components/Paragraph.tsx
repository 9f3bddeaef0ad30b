/** Text of several lines, broken between words. */
import type { ReactNode } from 'react';
import { useLook } from '../look.ts';
import { wrapped } from '../pager/pager.ts';
import { Line } from './Line.tsx';

export function Paragraph({ text }: { readonly text: string }): ReactNode {
  const { window } = useLook();
  return wrapped(text, window.columns - 2).map(line => <Line key={line}>{` ${line}`}</Line>);
}
