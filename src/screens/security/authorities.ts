/** Outside authorities that are trusted, and those that stand between. */
import type { AuthorityRow } from '../../core/console-ports.ts';
import type { Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { calendarDay, localDay } from '../../text/format.ts';
import { pkiTexts } from '../../text/pki.ts';
import { fitted } from '../components/cell.ts';
import type { Desk } from '../desk.ts';
import { agreed } from '../form/entry.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { Column } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';
import { pageOf } from '../list/whole.ts';
import { Pager } from '../pager/pager.ts';
import { mayDo } from '../privilege.ts';
import type { PagerScreen } from '../screens.ts';
import { isEnding } from './certificates.ts';
import { authorityLines } from './outside.ts';

/** Columns of a name in a sentence that has to fit into the message line. */
const nameWidth = 36;

export class Authorities extends ListScreen<AuthorityRow> {
  readonly places = ['authorities', 'list'] as const;

  constructor(desk: Desk) {
    super(desk, columnsFor(desk), desk.session.lists.of('authorities', { sort: '', descending: false }));
  }

  get title(): string {
    return this.desk.texts.certificateFiles.authorities.title;
  }

  get nothing(): string {
    return this.desk.texts.certificateFiles.authorities.nothing;
  }

  hints(): readonly BindingId[] {
    const own: readonly BindingId[] = ['authority-import'];
    return this.list.chosen ? ['open-row', ...own, 'authority-remove', 'search'] : own;
  }

  protected override async load(request: PageRequest): Promise<Page<AuthorityRow>> {
    const rows = await this.desk.session.installation.security.authorities();
    return pageOf(rows, request, ({ holder, issuer, key }) => `${holder} ${issuer} ${key}`);
  }

  protected override ownKey(key: Key): boolean | undefined {
    const binding = bindingOf('authorities', key);
    if (binding === 'authority-import') return false;
    const { chosen } = this.list;
    if (binding !== 'authority-remove' || !chosen) return undefined;
    if (mayDo(this.desk, 'authority-distrust')) void this.#remove(chosen);
    return true;
  }

  protected override openRow(row: AuthorityRow): void {
    this.desk.open('authority', row);
  }

  async #remove({ key, holder }: AuthorityRow): Promise<void> {
    const { texts, session } = this.desk;
    const { remove, removed } = texts.certificateFiles.authorities;
    const name = fitted(holder, nameWidth);
    if (!(await agreed(this.desk, remove(name)))) return;
    await this.desk.busy(texts.entry.saving, async () => {
      await session.installation.security.distrust(key);
      this.desk.say(removed(name), 'good');
    });
    this.list.refresh();
  }
}

/** One of them, with the whole fingerprint. */
export function authorityPage(desk: Desk, row: AuthorityRow): PagerScreen {
  const pager = new Pager();
  pager.show(authorityLines(row, desk));
  return { places: ['pager'], pager, model: pager, about: row.holder, key: key => pager.key(key) };
}

function columnsFor({ texts, language }: Desk): Column<AuthorityRow>[] {
  const { authorities } = texts.certificateFiles;
  const words = pkiTexts[language];
  return [
    {
      id: 'kind',
      title: authorities.kind,
      width: 13,
      text: ({ anchor }) => (anchor ? authorities.anchor : authorities.between),
    },
    { id: 'holder', title: words.subject, text: ({ holder }) => holder },
    {
      id: 'end',
      title: texts.security.end,
      width: 10,
      text: ({ notAfter }) => calendarDay(localDay(notAfter), language),
      tone: row => (isEnding(row) ? 'bad' : 'plain'),
    },
    { id: 'sha256', title: words.sha256, width: 23, text: ({ key }) => key.slice(0, 23) },
  ];
}
