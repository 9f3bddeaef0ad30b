/** One row of text, cut at the edge of the window. */
import { Text } from 'ink';
import { Children, type ReactNode } from 'react';
import { printable } from '../../core/printable.ts';
import type { Tone } from '../desk.ts';

interface LineProps {
  readonly children?: ReactNode;
  readonly tone?: Tone;
}

export function Line({ children = ' ', tone = 'plain' }: LineProps): ReactNode {
  return (
    <Text wrap="truncate-end" {...looks[tone]}>
      {cleaned(children)}
    </Text>
  );
}

/** Whoever wrote it: nothing of a text acts on the terminal, or turns the order of what stands beside it. */
function cleaned(children: ReactNode): ReactNode {
  return typeof children === 'string'
    ? printable(children)
    : Children.map(children, child => (typeof child === 'string' ? printable(child) : child));
}

/** Colours that can be read on light and on dark; what they say is said in words too. */
const looks: Readonly<Record<Tone, { readonly color?: string; readonly bold?: boolean }>> = {
  plain: {},
  good: { color: 'green' },
  bad: { color: 'red', bold: true },
};

interface ToneProps extends LineProps {
  readonly tone: Tone;
}

/** Words of a tone within a line. */
export function Toned({ children, tone }: ToneProps): ReactNode {
  return <Text {...looks[tone]}>{cleaned(children)}</Text>;
}
