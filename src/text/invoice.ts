/** An invoice as it is printed, at most 80 columns. */
import type { Language } from '../core/language.ts';
import { byService } from '../core/money/invoice.ts';
import type { Invoice } from '../core/money/ports.ts';
import { accountTexts } from './account.ts';
import { bareAmount, calendarDay, datedMoment, grouped, money } from './format.ts';
import { table } from './table.ts';

/** `daily`: a line for each service and day; else for each service. */
export function invoiceLines(invoice: Invoice, daily: boolean, language: Language): string[] {
  const { period, currency } = invoice;
  const texts = accountTexts[language];
  const bare = (amount: bigint) => bareAmount(amount, currency, language);
  const day = (text: string) => calendarDay(text, language);
  const charges = daily ? invoice.lines : byService(invoice.lines);
  const count = charges.reduce((sum, line) => sum + line.count, 0);
  const bytes = charges.reduce((sum, line) => sum + line.bytes, 0n);
  return [
    texts.invoice(invoice.number),
    '',
    ...table([
      [texts.issuer, invoice.issuer],
      [texts.createdAt, datedMoment(invoice.createdAt, language)],
      [
        texts.client,
        [`${invoice.client}`, invoice.name, invoice.town].filter(part => part !== '').join(' · '),
      ],
      [texts.period, `${day(period.first)} ${texts.to} ${day(period.last)}`],
    ]),
    '',
    ...table(
      [
        [daily ? texts.day : '', texts.service, texts.acts, texts.bytes, `${texts.amount} ${currency.code}`],
        ...charges.map(line => [
          'day' in line ? day(line.day) : '',
          line.service,
          grouped(line.count, language),
          grouped(line.bytes, language),
          bare(line.amount),
        ]),
        ['', texts.total, grouped(count, language), grouped(bytes, language), bare(invoice.total)],
        // The column of days only where there are days.
      ].map(row => row.slice(daily ? 0 : 1)),
      daily ? [2, 3, 4] : [1, 2, 3],
    ),
    '',
    ...table(
      [
        [texts.balanceBefore, money(invoice.balanceBefore, currency, language)],
        [texts.recharges, money(invoice.recharged, currency, language)],
        [texts.corrections, money(invoice.corrected, currency, language)],
        [texts.charged, money(-invoice.total, currency, language)],
        [texts.balanceAfter, money(invoice.balanceAfter, currency, language)],
      ],
      [1],
    ),
  ];
}
