import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { type Currency, largestAmount, parseAmount, plainAmount } from '../../src/core/money/amount.ts';
import { byService } from '../../src/core/money/invoice.ts';
import { monthBefore, parsePeriod } from '../../src/core/money/period.ts';
import { wantOfCredit, wantOfQuota } from '../../src/core/money/prepaid.ts';
import { priceOf } from '../../src/core/money/tariff.ts';
import { accountTexts } from '../../src/text/account.ts';
import { bareAmount, money } from '../../src/text/format.ts';
import { table } from '../../src/text/table.ts';

const xaf: Currency = { code: 'XAF', decimals: 0 };
const eur: Currency = { code: 'EUR', decimals: 2 };

const codeOf = (act: () => unknown) => {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof XmError ? error.code : error;
  }
};

describe('an amount', () => {
  it.each([
    ['12500', xaf, 12_500n],
    ['12 500', xaf, 12_500n],
    ['1\u202f234\u00a0567', xaf, 1_234_567n],
    ['-500', xaf, -500n],
    ['−500', xaf, -500n],
    ['+7', xaf, 7n],
    ['12', eur, 1_200n],
    ['12,5', eur, 1_250n],
    ['-0.05', eur, -5n],
    ['1 234,50', eur, 123_450n],
    [String(largestAmount), xaf, largestAmount],
  ])('%s is read', (text, currency, amount) => {
    expect(parseAmount(text, currency)).toBe(amount);
  });

  it.each([
    '',
    'x',
    '12,5',
    '12.500',
    '12,500',
    '1 2500',
    '12 50',
    '1e3',
    '0x10',
    '--5',
    '5-',
    '١٢',
    String(largestAmount + 1n),
    '9'.repeat(400),
  ])('%s is not taken for a sum of francs', text => {
    expect(codeOf(() => parseAmount(text, xaf))).toBe('amount-invalid');
  });

  it('of a currency with decimals has no more of them than that', () => {
    for (const text of ['1,234', '1.234,50', '1,', ',5']) {
      expect(codeOf(() => parseAmount(text, eur))).toBe('amount-invalid');
    }
  });

  it('is read as it is written, in every form', () => {
    fc.assert(
      fc.property(fc.bigInt(-largestAmount, largestAmount), fc.nat(4), (amount, decimals) => {
        const currency = { code: 'XXX', decimals };
        expect(parseAmount(plainAmount(amount, currency), currency)).toBe(amount);
        expect(parseAmount(bareAmount(amount, currency, 'fr'), currency)).toBe(amount);
      }),
    );
  });

  it('is printed in both languages', () => {
    expect([money(12_500n, xaf, 'fr'), money(12_500n, xaf, 'en')]).toEqual(['12 500 XAF', '12,500 XAF']);
    expect([money(-5n, eur, 'fr'), money(-123_450n, eur, 'en')]).toEqual(['-0,05 EUR', '-1,234.50 EUR']);
  });
});

describe('a period', () => {
  it.each([
    ['2026', '2026-01-01', '2026-12-31'],
    ['2026-02', '2026-02-01', '2026-02-28'],
    ['2028-02', '2028-02-01', '2028-02-29'],
    ['2026-12', '2026-12-01', '2026-12-31'],
    ['2026-03-09', '2026-03-09', '2026-03-09'],
    ['2026-03-01..2026-03-15', '2026-03-01', '2026-03-15'],
    ['2025-11..2026-02', '2025-11-01', '2026-02-28'],
  ])('%s is %s to %s', (text, first, last) => {
    expect(parsePeriod(text)).toEqual({ first, last });
  });

  it.each([
    '',
    '26',
    '2026-13',
    '2026-00',
    '2026-02-30',
    '2026-3',
    '2026-03..2026-02',
    '2026..',
    '2026..2027..2028',
    'mars',
  ])('%s is none', text => expect(codeOf(() => parsePeriod(text))).toBe('period-invalid'));

  it('of last month is that of the calendar', () => {
    expect(monthBefore('2026-03-31', 1)).toEqual({ first: '2026-02-01', last: '2026-02-28' });
    expect(monthBefore('2026-01-01', 1)).toEqual({ first: '2025-12-01', last: '2025-12-31' });
    expect(monthBefore('2026-01-31', 0)).toEqual({ first: '2026-01-01', last: '2026-01-31' });
  });
});

describe('reading', () => {
  it('is prepaid, down to the overdraft', () => {
    const purse = { balance: 100n, overdraft: 50n, currency: xaf };
    expect(wantOfCredit(purse, 150n)).toBeUndefined();
    expect(wantOfCredit(purse, 151n)).toEqual({
      code: 'account-empty',
      params: { balance: '100', price: '151' },
    });
    // What costs nothing needs no credit.
    expect(wantOfCredit({ ...purse, balance: -900n }, 0n)).toBeUndefined();
  });

  it('is rationed where there is a quota', () => {
    expect(wantOfQuota(undefined, 1e6, 1e6)).toBeUndefined();
    expect(wantOfQuota(10, 9, 1)).toBeUndefined();
    expect(wantOfQuota(10, 9, 2)).toEqual({ code: 'quota-reached', params: { quota: 10, read: 9 } });
    expect(wantOfQuota(0, 0, 1)?.code).toBe('quota-reached');
  });

  it('costs by the act and by the kilobyte that has begun', () => {
    const tariff = { service: 'IMPORT', perAct: 25n, perKilobyte: 10n };
    expect([0, 1, 1024, 1025].map(bytes => priceOf(tariff, bytes))).toEqual([25n, 35n, 35n, 45n]);
  });
});

describe('on paper', () => {
  it('the days of a service are one line', () => {
    const line = { service: 'EXPORT', count: 2, bytes: 1_200n, amount: 70n };
    expect(
      byService([
        { ...line, day: '2026-03-01' },
        { ...line, day: '2026-03-01', service: 'CERTIFY' },
        { ...line, day: '2026-03-02' },
      ]),
    ).toEqual([
      { ...line, service: 'CERTIFY' },
      { service: 'EXPORT', count: 4, bytes: 2_400n, amount: 140n },
    ]);
  });

  it('numbers end under each other', () => {
    expect(
      table(
        [
          ['a', '1', 'x'],
          ['bcd', '100'],
        ],
        [1],
      ),
    ).toEqual(['a      1  x', 'bcd  100']);
    expect(table([])).toEqual([]);
  });

  it('French and English have the same texts', () => {
    const { fr, en } = accountTexts;
    expect(Object.keys(en)).toEqual(Object.keys(fr));
  });
});
