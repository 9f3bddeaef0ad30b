/** A form: labels to the right of their column, values, and under a field what is wrong with it. */
import type { ReactNode } from 'react';
import { cell } from '../components/cell.ts';
import { FieldRow } from '../components/FieldRow.tsx';
import { Line } from '../components/Line.tsx';
import { useLook, useObserved } from '../look.ts';
import type { Form, FormField } from './form.ts';

const labelWidth = 22;
const gap = ' '.repeat(2);

interface FormViewProps {
  readonly form: Form;
  readonly title: string;
}

export function FormView({ form, title }: FormViewProps): ReactNode {
  useObserved(form);
  return (
    <>
      <Line>{` ${title}`}</Line>
      <Line />
      {form.fields.map(field => (
        <FormRow key={field.options.id} field={field} focused={field === form.focused} />
      ))}
    </>
  );
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
      {field.fault !== undefined && <Line tone="bad">{indent + field.fault}</Line>}
      {focused && field.fault === undefined && hint !== undefined && <Line>{indent + hint}</Line>}
    </>
  );
}

function shownChoice({ options, value }: FormField): string {
  return options.choices?.find(({ id }) => id === value)?.label ?? value;
}
