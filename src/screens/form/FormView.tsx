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
  readonly title: string;
  /** Rows of the work area that it may take; absent: as many as it has. */
  readonly height?: number;
}

/** Title and the line under it, what is said under a field. */
const rowsAround = 4;

export function FormView({ form, title, height = Number.POSITIVE_INFINITY }: FormViewProps): ReactNode {
  useObserved(form);
  const fields = seen(form, Math.max(1, height - rowsAround));
  return (
    <>
      <Line>{` ${title}`}</Line>
      <Line />
      {fields.map(field => (
        <FormRow key={field.options.id} field={field} focused={field === form.focused} />
      ))}
    </>
  );
}

/** Those about the one that has the focus, where not all fit. */
function seen({ fields, focused }: Form, most: number): readonly FormField[] {
  if (fields.length <= most) return fields;
  const middle = (focused ? fields.indexOf(focused) : 0) - Math.floor(most / 2);
  const from = Math.max(0, Math.min(middle, fields.length - most));
  return fields.slice(from, from + most);
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
