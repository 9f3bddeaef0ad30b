/** Fichier / Journal: who did what, the newest first, and the proof that nothing was changed since. */
import { listJournal, verifyJournal } from '../../core/administration/journal.ts';
import type { JournalQuery, JournalRow } from '../../core/administration/ports.ts';
import { XmError } from '../../core/errors.ts';
import type { Keyed, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { moment } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { type Column, List } from '../list/list.ts';
import type { Screen } from '../screens.ts';

type Row = JournalRow & Keyed;

export class Journal implements Screen {
  readonly places = ['journal', 'list'] as const;
  readonly list: List<Row>;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
    const { installation, operator, lists } = desk.session;
    this.list = new List({
      columns: columnsFor(desk),
      state: lists.of('journal', { sort: 'id', descending: true }),
      load: async request => {
        const rows = await listJournal(installation.administration, operator, queryOf(request));
        return { rows: rows.map(row => ({ ...row, key: `${row.id}` })) };
      },
      onFault: error => desk.fault(error),
    });
  }

  get model(): List<Row> {
    return this.list;
  }

  hints(): readonly BindingId[] {
    return this.list.chosen ? ['open-row', 'journal-verify', 'search'] : ['journal-verify', 'search'];
  }

  key(key: Key): boolean {
    if (this.list.search !== undefined) return this.list.key(key);
    const { chosen } = this.list;
    if (bindingOf('journal', key) === 'journal-verify') void this.#verify();
    else if (bindingOf('list', key) === 'open-row' && chosen) this.#desk.open('journal-entry', chosen);
    else return this.list.key(key);
    return true;
  }

  leave(): boolean {
    return this.list.leave();
  }

  close(): void {
    this.list.close();
  }

  async #verify(): Promise<void> {
    const { texts, session } = this.#desk;
    await this.#desk.busy(texts.journal.verifying, async () => {
      const broken = await verifyJournal(session.installation.administration, session.operator);
      if (broken !== undefined) throw new XmError('journal-broken', { id: broken });
      this.#desk.say(texts.journal.whole, 'good');
    });
  }
}

/** The list goes down in time: what comes after a row in it is older. */
function queryOf({ search, from, limit }: PageRequest): JournalQuery {
  if (from === 'start') return { search, limit };
  if (from === 'end') return { search, limit, after: 0 };
  const id = Number(from.key);
  if (from.side === 'before') return { search, limit, after: id };
  return { search, limit, before: from.side === 'at' ? id + 1 : id };
}

/** An act that has no words of its own stands by its name. */
export function actText(act: string, { texts }: Pick<Desk, 'texts'>): string {
  const words: Readonly<Record<string, string>> = texts.journal.acts;
  return words[act] ?? act;
}

/** The fields of a detail by their words: what it is about, then before, then after. */
export function fieldsOf(
  detail: JournalRow['detail'],
  { texts }: Pick<Desk, 'texts'>,
): (readonly [name: string, value: unknown])[] {
  const { fields } = texts.journal;
  const { before, after, ...others } = detail;
  return [
    ...Object.entries(others),
    ...(before === undefined ? [] : [[fields.before, before] as const]),
    ...(after === undefined ? [] : [[fields.after, after] as const]),
  ];
}

/** `setting serverName · before …`: what fits of the detail. */
function detailText(detail: JournalRow['detail'], texts: Pick<Desk, 'texts'>): string {
  return fieldsOf(detail, texts)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
}

function columnsFor({ texts, language }: Desk): Column<Row>[] {
  const { journal } = texts;
  return [
    { id: 'id', title: journal.number, width: 6, align: 'right', text: ({ id }) => `${id}` },
    { id: 'at', title: journal.at, width: 16, text: ({ at }) => moment(at, Date.now(), language) },
    { id: 'who', title: journal.who, width: 12, text: ({ operator }) => operator ?? journal.system },
    { id: 'act', title: journal.act, width: 20, text: ({ act }) => actText(act, { texts }) },
    { id: 'detail', title: journal.detail, text: ({ detail }) => detailText(detail, { texts }) },
  ];
}
