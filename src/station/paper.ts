/** What stands on a paper, typed in by a clerk, as values of the table that its record would be in. */
import { paperFault } from '../core/engine/services/certify.ts';
import { XmError } from '../core/errors.ts';
import { CalendarDate, type Column, type FormRecord, type FormTable, type Value } from '../core/record.ts';

/** Throws `column-unknown`, `value-type`, `value-range`, and `paper-incomplete` where nothing could be found by it. */
export function paperOf(
  cells: readonly (readonly [column: string, text: string])[],
  table: FormTable,
): FormRecord {
  const paper = new Map<string, Value>();
  for (const [name, text] of cells) {
    const column = table.columns.find(one => one.name === name);
    if (!column) throw new XmError('column-unknown', { column: name });
    paper.set(name, cellValue(column, text.trim()));
  }
  const fault = paperFault(paper, table);
  if (fault) throw new XmError(fault.code, fault.params);
  return paper;
}

/** What is no value of the column's type stays text, and is refused by name. Nothing: not on the paper. */
function cellValue({ kind }: Column, text: string): Value {
  if (text === '') return null;
  switch (kind) {
    case 'integer':
      return /^-?\d{1,19}$/.test(text) ? BigInt(text) : text;
    case 'float':
      return Number.isNaN(Number(text)) ? text : Number(text);
    case 'boolean':
      return /^(true|oui|yes)$/i.test(text) ? true : /^(false|non|no)$/i.test(text) ? false : text;
    case 'date':
      return CalendarDate.parse(text.replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, '$3-$2-$1')) ?? text;
    case 'decimal':
      return text.replace(',', '.');
    default:
      return text;
  }
}
