/** Fichier / Sécurité: certificates by their end, how the authority stands, and how many requests wait. */
import type { CertificateRow, SecurityOverview } from '../../core/console-ports.ts';
import type { Key } from '../../terminal/key.ts';
import { calendarDay, grouped, localDay } from '../../text/format.ts';
import { pkiTexts } from '../../text/pki.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import { type Column, List } from '../list/list.ts';
import { mayDo } from '../privilege.ts';
import type { Screen } from '../screens.ts';

const dayMs = 86_400_000;
/** So many days before its end a certificate is shown as one that ends. */
const warnedDays = 60;

export class Certificates implements Screen {
  readonly places = ['certificates', 'list'] as const;
  readonly list: List<CertificateRow>;
  readonly #desk: Desk;
  #overview: SecurityOverview | undefined;
  #all = false;

  constructor(desk: Desk) {
    this.#desk = desk;
    const { installation, lists } = desk.session;
    this.list = new List({
      columns: columnsFor(desk),
      state: lists.of('certificates', { sort: 'end', descending: false }),
      // After the overview, which files the server's own where they are missing.
      load: async request => {
        this.#overview = await installation.security.overview();
        return installation.security.certificates(request, this.#all);
      },
      onFault: error => desk.fault(error),
    });
  }

  get model(): List<CertificateRow> {
    return this.list;
  }

  /** Of the authority, of what ends and of what waits; undefined until it is known. */
  get overview(): SecurityOverview | undefined {
    return this.#overview;
  }

  /** Those that have ended or were revoked are shown, too. */
  get isAll(): boolean {
    return this.#all;
  }

  hints(): readonly BindingId[] {
    const { chosen } = this.list;
    return [
      ...(chosen ? (['open-row'] as const) : []),
      ...(chosen && chosen.state !== 'revoked' ? (['certificate-revoke'] as const) : []),
      'requests',
      'certificate-all',
      'search',
    ];
  }

  key(key: Key): boolean {
    if (this.list.search !== undefined || this.list.picked !== undefined) return this.list.key(key);
    const binding = bindingOf('certificates', key) ?? bindingOf('list', key);
    const { chosen } = this.list;
    if (binding === 'certificate-all') {
      this.#all = !this.#all;
      this.list.begin();
    } else if (binding === 'open-row' && chosen) this.#desk.open('certificate', chosen.key);
    else if (binding === 'certificate-revoke' && chosen) openRevocation(this.#desk, chosen);
    else if (binding === 'requests') return false;
    else return this.list.key(key);
    return true;
  }

  /** Something was revoked or accepted on top of it. */
  shown(): void {
    this.list.refresh();
  }

  leave(): boolean {
    return this.list.leave();
  }

  close(): void {
    this.list.close();
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

/** The line above the list: authority, ends, requests. */
export function overviewLines({ overview }: Certificates, desk: Pick<Desk, 'texts' | 'language'>) {
  const { texts, language } = desk;
  const { security } = texts;
  if (!overview) return [];
  const { authority, ending, waiting } = overview;
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
