/** One act of the journal, with what it changed, before and after. */
import type { JournalRow } from '../../core/administration/ports.ts';
import type { Key } from '../../terminal/key.ts';
import { clockTime, datedMoment } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { Pager, type PagerLine } from '../pager/pager.ts';
import type { PagerScreen } from '../screens.ts';
import { actText, fieldsOf } from './journal.ts';

export class JournalEntry implements PagerScreen {
  readonly places = ['pager'] as const;
  readonly pager = new Pager();
  readonly title: string;

  constructor(desk: Desk, row: JournalRow) {
    this.title = desk.texts.journal.one(row.id);
    this.pager.show(linesOf(row, desk));
  }

  get model(): Pager {
    return this.pager;
  }

  key(key: Key): boolean {
    return this.pager.key(key);
  }
}

function linesOf({ at, operator, act, detail }: JournalRow, { texts, language }: Desk): PagerLine[] {
  const { journal } = texts;
  const seconds = clockTime(at).slice(5);
  return [
    { label: journal.at, text: `${datedMoment(at, language)}${seconds}` },
    { label: journal.who, text: operator ?? journal.system },
    { label: journal.act, text: `${actText(act, { texts })} (${act})` },
    { text: '' },
    ...fieldsOf(detail, { texts }).flatMap(([name, value]) => fieldLines(name, value)),
  ];
}

/** Fields within a field stand under it. */
function fieldLines(label: string, value: unknown): PagerLine[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [{ label, text: typeof value === 'string' ? value : JSON.stringify(value) }];
  }
  return Object.entries(value).map(([name, one], at) => ({
    label: at === 0 ? label : '',
    text: `${name}  ${typeof one === 'string' ? one : JSON.stringify(one)}`,
  }));
}
