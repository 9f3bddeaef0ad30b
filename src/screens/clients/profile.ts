/** "Profil": everything that is known of a client, to read, to print, and to send. */
import type { ClientSheet, TableRight } from '../../core/administration/ports.ts';
import type { Currency } from '../../core/money/amount.ts';
import { calendarDay, grouped, localDay, money } from '../../text/format.ts';
import { table } from '../../text/table.ts';
import type { Desk } from '../desk.ts';
import type { BindingId } from '../keys.ts';
import type { PagerLine } from '../pager/pager.ts';
import { type Paper, PaperScreen } from '../pager/paper.ts';
import { aboutClient, sheetAndCurrency } from './named.ts';

/** Columns of a line's text beside its label at 80 columns. */
const textWidth = 54;

export class ProfileScreen extends PaperScreen {
  constructor(desk: Desk, matricule: number) {
    super(desk, matricule, ['client'], async () => {
      const { sheet, currency } = await sheetAndCurrency(desk, matricule);
      return paperOf(desk, sheet, currency);
    });
  }

  override hints(): readonly BindingId[] {
    const acts = ['client-account', 'client-recharge', 'client-status', 'client-change'] as const;
    return [...acts, ...super.hints(), 'help'];
  }
}

function paperOf(desk: Desk, sheet: ClientSheet, currency: Currency): Paper {
  const { clients } = desk.texts;
  const shown = linesOf(desk, sheet, currency);
  const told = tellingsOf(desk, sheet, currency);
  return {
    about: aboutClient(sheet),
    shown,
    printed: [clients.one(sheet.matricule, sheet.name), '', ...printedOf(shown)],
    file: clients.profileFile(sheet.matricule),
    letter: { to: sheet.name, subject: clients.profileSubject, lines: printedOf(told) },
  };
}

function printedOf(lines: readonly PagerLine[]): string[] {
  return table(lines.map(({ label = '', text }) => [label, text]));
}

/** What the client may be told of itself. */
function tellingsOf({ texts, language }: Desk, sheet: ClientSheet, currency: Currency): PagerLine[] {
  const { clients } = texts;
  const { matricule, name, town, telephone, status, balance, rights, batch, readsPerDay } = sheet;
  return [
    { label: clients.matricule, text: `${matricule}` },
    { label: clients.name, text: name },
    { label: clients.town, text: town },
    { label: clients.telephone, text: telephone },
    {
      label: clients.status,
      text: clients.statusLine(status, clients.statuses[status] ?? ''),
      isBad: status === 0,
    },
    { label: clients.balance, text: money(BigInt(balance), currency, language), isBad: balance < 0 },
    ...tableLines(clients.writes, rights, 'write', clients.noTable),
    ...tableLines(clients.reads, rights, 'read', clients.noTable),
    {
      label: clients.exchange,
      text: clients.exchangeLine(
        batch,
        readsPerDay === undefined ? undefined : grouped(readsPerDay, language),
      ),
    },
  ];
}

function linesOf(desk: Desk, sheet: ClientSheet, currency: Currency): PagerLine[] {
  const { clients } = desk.texts;
  const { createdAt, passwordChangedAt, waitingMessages, unreadMessages } = sheet;
  const day = (at: number) => calendarDay(localDay(at), desk.language);
  return [
    ...tellingsOf(desk, sheet, currency),
    { label: clients.unread, text: `${unreadMessages}` },
    certificateLine(desk, sheet),
    {
      label: clients.password,
      text:
        passwordChangedAt === undefined
          ? clients.initialPassword
          : clients.passwordChanged(day(passwordChangedAt)),
    },
    { label: clients.created, text: day(createdAt) },
    { label: clients.waiting, text: `${waitingMessages}` },
  ];
}

function certificateLine({ texts, language }: Desk, { certificate }: ClientSheet): PagerLine {
  const { clients } = texts;
  const label = clients.certificate;
  if (!certificate) return { label, text: clients.noCertificate, isBad: true };
  const { key, notAfter, revoked } = certificate;
  const until = calendarDay(localDay(notAfter), language);
  if (revoked) return { label, text: clients.certificateRevoked(key), isBad: true };
  const isEnded = notAfter < Date.now();
  return {
    label,
    text: isEnded ? clients.certificateEnded(key, until) : clients.certificateUntil(key, until),
    isBad: isEnded,
  };
}

/** As many lines as the names need. */
function tableLines(
  label: string,
  rights: readonly TableRight[],
  what: 'write' | 'read',
  none: string,
): PagerLine[] {
  const lines: string[] = [];
  for (const { table: name } of rights.filter(right => right[what])) {
    const last = lines.at(-1);
    const longer = `${last}, ${name}`;
    if (last !== undefined && longer.length <= textWidth) lines[lines.length - 1] = longer;
    else lines.push(name);
  }
  if (lines.length === 0) lines.push(none);
  return lines.map((text, i) => ({ label: i === 0 ? label : '', text }));
}
