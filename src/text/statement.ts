/** A statement of account as it is printed. */
import type { Language } from '../core/language.ts';
import type { Currency } from '../core/money/amount.ts';
import type { Movement, Statement } from '../core/money/ports.ts';
import { running } from '../core/money/statement.ts';
import { accountTexts } from './account.ts';
import { bareAmount, calendarDay, datedMoment, money } from './format.ts';
import { table } from './table.ts';

export function statementLines(statement: Statement, currency: Currency, language: Language): string[] {
  const texts = accountTexts[language];
  const { client, name, town, period } = statement;
  const bare = (amount: bigint) => bareAmount(amount, currency, language);
  const movements = running(statement).map(movement => [
    datedMoment(movement.at, language),
    texts.kinds[movement.kind],
    detailOf(movement),
    bare(movement.amount),
    bare(movement.balance),
  ]);
  const head = [texts.date, texts.operation, '', texts.amount, texts.balance];
  return [
    texts.statement,
    '',
    ...table([
      [texts.client, [`${client}`, name, town].filter(part => part !== '').join(' · ')],
      [
        texts.period,
        `${calendarDay(period.first, language)} ${texts.to} ${calendarDay(period.last, language)}`,
      ],
      [texts.balanceBefore, money(statement.balanceBefore, currency, language)],
      [texts.balanceAfter, money(statement.balanceAfter, currency, language)],
    ]),
    '',
    ...(movements.length === 0 ? [texts.noMovement] : table([head, ...movements], [3, 4])),
  ];
}

function detailOf({ service, reference, reason }: Movement): string {
  return [service, reason ?? reference].filter(part => part !== undefined).join(' ');
}
