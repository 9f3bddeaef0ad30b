/** "Compte": the movements of a month between the balances before and after, to read, to print, and to send. */
import type { Currency } from '../../core/money/amount.ts';
import { monthBefore, type Period } from '../../core/money/period.ts';
import type { Statement } from '../../core/money/ports.ts';
import { statement as readStatement, running } from '../../core/money/statement.ts';
import type { Key } from '../../terminal/key.ts';
import { accountTexts } from '../../text/account.ts';
import { bareAmount, calendarDay, datedMoment, localDay, money } from '../../text/format.ts';
import { statementLines } from '../../text/statement.ts';
import { cell } from '../components/cell.ts';
import type { Desk } from '../desk.ts';
import { type BindingId, bindingOf } from '../keys.ts';
import type { PagerLine } from '../pager/pager.ts';
import { longestLetter, type Paper, PaperScreen } from '../pager/paper.ts';
import { aboutClient } from './named.ts';

/** Columns of the movements: moment, operation, what for, amount, balance. */
const widths = [16, 10, 22, 11, 11] as const;

export class AccountScreen extends PaperScreen {
  readonly #months: { before: number };

  constructor(desk: Desk, matricule: number) {
    const months = { before: 0 };
    super(desk, matricule, ['account', 'client'], () => paperOf(desk, matricule, months.before));
    this.#months = months;
  }

  override hints(): readonly BindingId[] {
    return ['month-before', ...(this.#months.before > 0 ? (['month-after'] as const) : []), ...super.hints()];
  }

  override key(key: Key): boolean {
    const binding = bindingOf('account', key);
    if (binding === 'month-before') this.#go(this.#months.before + 1);
    else if (binding === 'month-after') this.#go(this.#months.before - 1);
    else return super.key(key);
    return true;
  }

  /** Months that are to come have nothing yet. */
  #go(before: number): void {
    this.#months.before = Math.max(0, before);
    void this.load();
  }
}

async function paperOf(desk: Desk, matricule: number, months: number): Promise<Paper> {
  const { texts, session, language } = desk;
  const { clients } = texts;
  const { accounts } = session.installation;
  const period = monthBefore(localDay(Date.now()), months);
  const [statement, currency] = await Promise.all([
    readStatement(accounts, session.operator, matricule, period),
    accounts.currency(),
  ]);
  const month = period.first.slice(0, 7);
  return {
    about: aboutClient({ matricule, name: statement.name }),
    title: texts.acts['client-account'].name,
    shown: shownOf(desk, statement, currency),
    printed: statementLines(statement, currency, language),
    file: clients.accountFile(matricule, month),
    letter: {
      to: statement.name,
      subject: clients.accountSubject(spanOf(desk, period)),
      lines: letterOf(desk, statement, currency),
    },
  };
}

function shownOf(desk: Desk, statement: Statement, currency: Currency): PagerLine[] {
  const { language } = desk;
  const account = accountTexts[language];
  const bare = (amount: bigint) => bareAmount(amount, currency, language);
  const row = (...cells: readonly string[]) => ({
    text: widths
      .map((width, at) => cell(cells[at] ?? '', width, at < 3 ? 'left' : 'right'))
      .join('  ')
      .trimEnd(),
  });
  const movements = running(statement).map(({ at, kind, service, reason, reference, amount, balance }) =>
    row(
      datedMoment(at, language),
      account.kinds[kind],
      [service, reason ?? reference].filter(part => part !== undefined).join(' '),
      bare(amount),
      bare(balance),
    ),
  );
  return [
    { label: account.period, text: spanOf(desk, statement.period) },
    { label: account.balanceBefore, text: money(statement.balanceBefore, currency, language) },
    {
      label: account.balanceAfter,
      text: money(statement.balanceAfter, currency, language),
      isBad: statement.balanceAfter < 0n,
    },
    { text: '' },
    ...(movements.length === 0
      ? [{ text: account.noMovement }]
      : // The newest first: what one looks for is seldom far back.
        [row(account.date, account.operation, '', account.amount, account.balance), ...movements.reverse()]),
  ];
}

/** The statement, without as many of its oldest movements as one message does not carry. */
function letterOf({ texts, language }: Desk, statement: Statement, currency: Currency): string[] {
  const lines = statementLines(statement, currency, language);
  if (lines.join('\n').length <= longestLetter) return lines;
  const movements = [...statement.movements];
  const head = statementLines({ ...statement, movements: [] }, currency, language).slice(0, -1);
  const rows = lines.slice(lines.length - movements.length);
  let room = longestLetter - [...head, texts.entry.omitted].join('\n').length;
  let from = rows.length;
  for (; from > 0; from--) {
    room -= (rows[from - 1]?.length ?? 0) + 1;
    if (room < 0) break;
  }
  return [...head, texts.entry.omitted, ...rows.slice(from)];
}

function spanOf({ language }: Desk, { first, last }: Period): string {
  const day = (text: string) => calendarDay(text, language);
  return `${day(first)} ${accountTexts[language].to} ${day(last)}`;
}
