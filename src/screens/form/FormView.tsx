/** A form: labels to the right of their column, values, and under a field what is wrong with it. */
import type { ReactNode } from 'react';
import type { ConsoleTexts } from '../../text/console.ts';
import { cell } from '../components/cell.ts';
import { FieldRow } from '../components/FieldRow.tsx';
import { Line } from '../components/Line.tsx';
import { useLook, useObserved } from '../look.ts';
import { wrapped } from '../pager/pager.ts';
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
  const { window, texts } = useLook();
  const columns = window.columns - labelWidth - gap.length;
  const room: Room = { rows: height - rowsAbove, columns, entry: texts.entry };
  return (
    <>
      <Line />
      {seen(form, room).map(field => (
        <FormRow key={field.options.id} field={field} focused={field === form.focused} columns={columns} />
      ))}
    </>
  );
}

interface Room {
  readonly rows: number;
  /** Of values, and of what is said of them. */
  readonly columns: number;
  readonly entry: ConsoleTexts['entry'];
}

/** The fields that fit, the one with the focus among them. */
function seen({ fields, focused }: Form, { rows: height, columns, entry }: Room): readonly FormField[] {
  const at = focused ? fields.indexOf(focused) : 0;
  const rows = (from: number, to: number) =>
    fields
      .slice(from, to)
      .reduce(
        (sum, field) => sum + 1 + below(field, { focused: field === focused, columns, entry }).length,
        0,
      );
  let from = 0;
  while (from < at && rows(from, at + 1) > height) from++;
  let to = at + 1;
  while (to < fields.length && rows(from, to + 1) <= height) to++;
  return fields.slice(from, to);
}

/** What is wrong with a field, else how a choice is made and what belongs there. */
function below({ fault, options }: FormField, { focused, columns, entry }: Around): string[] {
  if (fault !== undefined) return wrapped(fault, columns);
  const { choices, hint } = options;
  if (!focused || (!choices && hint === undefined)) return [];
  if (!choices) return [hint ?? ''];
  return [hint === undefined ? entry.choose : entry.chooseFrom(hint)];
}

interface Around {
  readonly focused: boolean;
  readonly columns: number;
  readonly entry: ConsoleTexts['entry'];
}

interface FormRowProps {
  readonly field: FormField;
  readonly focused: boolean;
  readonly columns: number;
}

function FormRow({ field, focused, columns }: FormRowProps): ReactNode {
  const { texts, glyphs } = useLook();
  const { label, choices, readOnly = false } = field.options;
  const tone = field.fault === undefined ? 'plain' : 'bad';
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
      {below(field, { focused, columns, entry: texts.entry }).map(text => (
        <Line key={text} tone={tone}>
          {indent + text}
        </Line>
      ))}
    </>
  );
}

function shownChoice({ options, value }: FormField): string {
  return options.choices?.find(({ id }) => id === value)?.label ?? value;
}
