/** Text of several lines, broken between words. */
import { Box, Text } from 'ink';
import type { ReactNode } from 'react';

export function Paragraph({ text }: { readonly text: string }): ReactNode {
  return (
    <Box paddingX={1}>
      <Text>{text}</Text>
    </Box>
  );
}
