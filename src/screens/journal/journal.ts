/** Fichier / Journal: who did what, the newest first, and the proof that nothing was changed since. */
import { listJournal, verifyJournal } from '../../core/administration/journal.ts';
import type { JournalQuery, JournalRow } from '../../core/administration/ports.ts';
import { XmError } from '../../core/errors.ts';
import type { Keyed, Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { moment } from '../../text/format.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { Column } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';

type Row = JournalRow & Keyed;

export class Journal extends ListScreen<Row> {
  readonly places = ['journal', 'list'] as const;

  constructor(desk: Desk) {
    super(desk, columnsFor(desk), desk.session.lists.of('journal', { sort: 'id', descending: true }));
  }

  get title(): string {
    return this.desk.texts.journal.title;
  }

  get nothing(): string {
    return this.desk.texts.journal.nothing;
  }

  hints(): readonly BindingId[] {
    return this.list.chosen ? ['open-row', 'journal-verify', 'search'] : ['journal-verify', 'search'];
  }

  protected override async load(request: PageRequest): Promise<Page<Row>> {
    const { installation, operator } = this.desk.session;
    const rows = await listJournal(installation.administration, operator, queryOf(request));
    return { rows: rows.map(row => ({ ...row, key: `${row.id}` })) };
  }

  protected override ownKey(key: Key): boolean | undefined {
    if (bindingOf('journal', key) !== 'journal-verify') return undefined;
    void this.#verify();
    return true;
  }

  protected override openRow(row: Row): void {
    this.desk.open('journal-entry', row);
  }

  async #verify(): Promise<void> {
    const { texts, session } = this.desk;
    await this.desk.busy(texts.journal.verifying, async () => {
      const broken = await verifyJournal(session.installation.administration, session.operator);
      if (broken !== undefined) throw new XmError('journal-broken', { id: broken });
      this.desk.say(texts.journal.whole, 'good');
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
