/** Reading is prepaid, and rationed: no credit, no rows; writing is refused for neither (data.md, "Money"). */
import type { Reason } from '../ports.ts';
import { type Currency, plainAmount } from './amount.ts';

export interface Purse {
  readonly balance: bigint;
  /** How far below zero reading may take it. */
  readonly overdraft: bigint;
  readonly currency: Currency;
}

/** Why this cannot be paid for; undefined: it can. What costs nothing is open to an empty account, too. */
export function wantOfCredit({ balance, overdraft, currency }: Purse, price: bigint): Reason | undefined {
  if (price === 0n || balance - price >= -overdraft) return undefined;
  return {
    code: 'account-empty',
    params: { balance: plainAmount(balance, currency), price: plainAmount(price, currency) },
  };
}

/** Why this many reads are too many after those of the day; undefined: they are not. `perDay` absent: no quota. */
export function wantOfQuota(
  perDay: number | undefined,
  readToday: number,
  reads: number,
): Reason | undefined {
  if (perDay === undefined || readToday + reads <= perDay) return undefined;
  return { code: 'quota-reached', params: { quota: perDay, read: readToday } };
}
