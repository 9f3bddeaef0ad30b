/** What stands around every screen: name and operator, menus, rules, hints, message. */
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { ends } from '../components/cell.ts';
import { Line } from '../components/Line.tsx';
import { useLook } from '../look.ts';

interface FrameProps {
  readonly left: string;
  readonly right: string;
  readonly menuBar?: ReactNode;
  readonly hints: ReactNode;
  readonly message: ReactNode;
  /** Drawn over the work area. */
  readonly overlay?: ReactNode;
  readonly children: ReactNode;
}

export function Frame({ left, right, menuBar, hints, message, overlay, children }: FrameProps): ReactNode {
  const { window, glyphs, texts } = useLook();
  const { columns, rows } = window;
  if (window.isTooSmall) return <Text>{texts.tooSmall}</Text>;
  const rule = glyphs.rule.repeat(columns);
  return (
    <Box flexDirection="column" flexShrink={0} width={columns} height={rows} overflow="hidden">
      <Line>{ends(left, right, columns)}</Line>
      {menuBar ?? <Line />}
      <Line>{rule}</Line>
      <Box flexDirection="column" flexShrink={0} height={window.workArea.rows} overflow="hidden">
        {children}
      </Box>
      <Line>{rule}</Line>
      {hints}
      {message}
      {overlay}
    </Box>
  );
}
