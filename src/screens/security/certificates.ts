/** Fichier / Sécurité: certificates by their end, how the authority stands, and how many requests wait. */
import type { CertificateRow, SecurityOverview } from '../../core/console-ports.ts';
import type { Page, PageRequest } from '../../core/page.ts';
import type { Key } from '../../terminal/key.ts';
import { calendarDay, grouped, localDay } from '../../text/format.ts';
import { pkiTexts } from '../../text/pki.ts';
import { isAct } from '../acts.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { Column } from '../list/list.ts';
import { ListScreen } from '../list/list-screen.ts';
import type { PagerLine } from '../pager/pager.ts';
import { mayDo } from '../privilege.ts';

const dayMs = 86_400_000;
/** So many days before its end a certificate is shown as one that ends. */
const warnedDays = 60;

export class Certificates extends ListScreen<CertificateRow> {
  readonly places = ['certificates', 'list'] as const;
  /** Of the authority, of what ends and of what waits; undefined until it is known. */
  #overview: SecurityOverview | undefined;
  /** Those that have ended or were revoked are shown, too. */
  #all = false;

  constructor(desk: Desk) {
    super(desk, columnsFor(desk), desk.session.lists.of('certificates', { sort: 'end', descending: false }));
  }

  get title(): string {
    const { all, inForce } = this.desk.texts.security;
    return this.#all ? all : inForce;
  }

  get nothing(): string {
    return this.desk.texts.security.nothing;
  }

  override get above(): readonly PagerLine[] {
    return this.#overview ? overviewLines(this.#overview, this.desk) : [{ text: '' }, { text: '' }];
  }

  hints(): readonly BindingId[] {
    const { chosen } = this.list;
    return [
      ...(chosen ? (['open-row'] as const) : []),
      ...(chosen && chosen.state !== 'revoked' ? (['certificate-revoke'] as const) : []),
      'certificate-register',
      'certificate-issue',
      'requests',
      'certificate-all',
      'help',
      'authorities',
      'search',
    ];
  }

  /** After the overview, which files the server's own where they are missing. */
  protected override async load(request: PageRequest): Promise<Page<CertificateRow>> {
    const { security } = this.desk.session.installation;
    this.#overview = await security.overview();
    return security.certificates(request, this.#all);
  }

  protected override ownKey(key: Key): boolean | undefined {
    const binding = bindingOf('certificates', key);
    const { chosen } = this.list;
    if (binding !== undefined && isAct(binding)) return false;
    if (binding === 'certificate-all') {
      this.#all = !this.#all;
      this.list.begin();
    } else if (binding === 'certificate-revoke' && chosen) openRevocation(this.desk, chosen);
    else return undefined;
    return true;
  }

  protected override openRow({ key }: CertificateRow): void {
    this.desk.open('certificate', key);
  }
}

/** Says why where it cannot be revoked. */
export function openRevocation(desk: Desk, certificate: CertificateRow): void {
  if (!mayDo(desk, 'certificate-revoke')) return;
  if (certificate.state === 'revoked') desk.say(desk.texts.security.alreadyRevoked, 'bad');
  else desk.open('revocation', certificate);
}

/** Whole days that are left. */
function daysLeft({ notAfter }: Pick<CertificateRow, 'notAfter'>): number {
  return Math.floor((notAfter - Date.now()) / dayMs);
}

export function isEnding(row: Pick<CertificateRow, 'notAfter'>): boolean {
  return daysLeft(row) < warnedDays;
}

export function stateText(row: CertificateRow, { texts, language }: Desk): string {
  if (row.state !== 'valid' || !isEnding(row)) return pkiTexts[language].states[row.state];
  return texts.security.left(daysLeft(row));
}

function columnsFor(desk: Desk): Column<CertificateRow>[] {
  const { texts, language } = desk;
  const { security } = texts;
  const words = pkiTexts[language];
  return [
    { id: 'role', title: words.role, width: 11, text: ({ role }) => words.roles[role] },
    {
      id: 'client',
      title: words.client,
      width: 7,
      align: 'right',
      text: ({ client }) => (client === undefined ? '' : `${client}`),
    },
    { id: 'holder', title: words.subject, text: ({ holder }) => holder },
    {
      id: 'end',
      title: security.end,
      width: 10,
      sortable: true,
      text: ({ notAfter }) => calendarDay(localDay(notAfter), language),
    },
    {
      id: 'state',
      title: words.state,
      width: 18,
      text: row => stateText(row, desk),
      tone: row => (row.state === 'valid' && !isEnding(row) ? 'plain' : 'bad'),
    },
  ];
}

/** The lines above the list: authority, ends, requests. */
function overviewLines({ authority, ending, waiting }: SecurityOverview, desk: Desk): PagerLine[] {
  const { texts, language } = desk;
  const { security } = texts;
  const day = (at: number) => calendarDay(localDay(at), language);
  return [
    authority
      ? {
          text: security.authority(authority.holder, day(authority.notAfter), daysLeft(authority)),
          isBad: isEnding(authority),
        }
      : { text: security.noAuthority, isBad: false },
    {
      text: [
        ending ? security.ending(grouped(ending.count, language), day(ending.firstAt)) : security.nothingEnds,
        waiting > 0 ? security.waiting(grouped(waiting, language)) : security.noneWaits,
      ].join(' '),
      isBad: ending !== undefined,
    },
  ];
}
