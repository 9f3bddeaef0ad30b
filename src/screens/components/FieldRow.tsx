/** A field of a form: label to the right of its column, value, and the cursor where it has the focus. */
import { Box, type DOMElement, measureElement } from 'ink';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { useLook } from '../look.ts';
import type { TextField } from '../text-field.ts';
import { cell } from './cell.ts';
import { Line } from './Line.tsx';

interface FieldRowProps {
  readonly label: string;
  /** Columns of the label. */
  readonly labelWidth: number;
  readonly field: TextField;
  readonly focused: boolean;
  /** Shown where the value would be, of a field that never shows one. */
  readonly instead?: string;
}

export function FieldRow({ label, labelWidth, field, focused, instead = '' }: FieldRowProps): ReactNode {
  const { window, placeCaret } = useLook();
  const row = useRef<DOMElement>(null);
  const gap = labelWidth === 0 ? 0 : 2;
  const { text, caret } = field.window(Math.max(1, window.columns - labelWidth - gap - 1));
  useLayoutEffect(() => {
    if (!focused || !row.current) return undefined;
    const { x, y } = measureElement(row.current);
    placeCaret({ row: y, column: x + Math.max(labelWidth, label.length) + gap + caret });
    return () => placeCaret(undefined);
  });
  const labelCell = labelWidth === 0 ? label : cell(label, labelWidth, 'right');
  return (
    <Box ref={row}>
      <Line>{labelCell + ' '.repeat(gap) + (field.secret ? instead : text)}</Line>
    </Box>
  );
}
