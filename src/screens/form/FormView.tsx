/** A form: labels to the right of their column, values, and under a field what is wrong with it. */
import { Box } from 'ink';
import type { ReactNode } from 'react';
import { cell } from '../components/cell.ts';
import { FieldRow } from '../components/FieldRow.tsx';
import { Line, Toned } from '../components/Line.tsx';
import { useLook, useObserved } from '../look.ts';
import type { Form, FormField } from './form.ts';

const labelWidth = 22;
const gap = ' '.repeat(2);

interface FormViewProps {
  readonly form: Form;
  /** Rows of the work area that it may take; absent: as many as it needs. */
  readonly height?: number;
}

/** Between the title and the fields. */
const rowsAbove = 1;

export function FormView({ form, height = Number.POSITIVE_INFINITY }: FormViewProps): ReactNode {
  useObserved(form);
  return (
    <>
      <Line />
      {seen(form, height - rowsAbove).map(field => (
        <FormRow key={field.options.id} field={field} focused={field === form.focused} />
      ))}
    </>
  );
}

/** The fields that fit, the one with the focus among them. */
function seen({ fields, focused }: Form, height: number): readonly FormField[] {
  const at = focused ? fields.indexOf(focused) : 0;
  const rows = (from: number, to: number) =>
    fields.slice(from, to).reduce((sum, field) => sum + rowsOf(field, field === focused), 0);
  let from = 0;
  while (from < at && rows(from, at + 1) > height) from++;
  let to = at + 1;
  while (to < fields.length && rows(from, to + 1) <= height) to++;
  return fields.slice(from, to);
}

function rowsOf({ fault, options }: FormField, focused: boolean): number {
  return fault !== undefined || (focused && options.hint !== undefined) ? 2 : 1;
}

function FormRow({ field, focused }: { readonly field: FormField; readonly focused: boolean }): ReactNode {
  const { texts, glyphs } = useLook();
  const { label, choices, readOnly = false, hint } = field.options;
  const mark = focused ? ` ${glyphs.marker}` : gap;
  const indent = ' '.repeat(labelWidth) + gap;
  return (
    <>
      {choices || readOnly ? (
        <Line>{cell(label, labelWidth, 'right') + mark + shownChoice(field)}</Line>
      ) : (
        <FieldRow
          label={label}
          labelWidth={labelWidth}
          field={field.text}
          focused={focused}
          instead={texts.login.hidden}
        />
      )}
      {field.fault !== undefined && (
        <Box paddingLeft={indent.length} flexShrink={0}>
          <Toned tone="bad">{field.fault}</Toned>
        </Box>
      )}
      {focused && field.fault === undefined && hint !== undefined && <Line>{indent + hint}</Line>}
    </>
  );
}

function shownChoice({ options, value }: FormField): string {
  return options.choices?.find(({ id }) => id === value)?.label ?? value;
}
