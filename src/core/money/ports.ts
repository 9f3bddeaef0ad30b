/** What the rules of money need from outside, and what they speak of (data.md, "Money"). */
import type { Currency } from './amount.ts';
import type { Period } from './period.ts';
import type { Tariff } from './tariff.ts';

/** Amounts are whole numbers of the smallest unit of the currency; charges are negative. */
export interface Movement {
  readonly id: bigint;
  readonly client: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: 'recharge' | 'charge' | 'correction';
  readonly amount: bigint;
  /** Of a charge. */
  readonly service?: string;
  readonly bytes?: number;
  /** Of what an operator did. */
  readonly reference?: string;
  readonly reason?: string;
  readonly operator?: string;
}

/** What an operator enters in an account. */
export interface Entry {
  readonly client: number;
  readonly kind: 'recharge' | 'correction';
  readonly amount: bigint;
  /** Names the act: entered twice it is entered once. */
  readonly reference: string;
  readonly reason?: string;
}

/** The movement that stands under the entry's reference now, whoever has entered it. */
export interface Entered {
  readonly movement: Movement;
  /** Of the movement's account, now. */
  readonly balance: bigint;
  /** It stood there before. */
  readonly repeated: boolean;
}

export interface AccountHolder {
  readonly client: number;
  readonly name: string;
  readonly town: string;
}

export interface InvoiceLine {
  /** `YYYY-MM-DD`, the database's own calendar day. */
  readonly day: string;
  readonly service: string;
  /** Acts. */
  readonly count: number;
  readonly bytes: bigint;
  readonly amount: bigint;
}

export interface Invoice extends AccountHolder {
  readonly number: number;
  readonly period: Period;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly issuer: string;
  readonly currency: Currency;
  readonly balanceBefore: bigint;
  readonly recharged: bigint;
  readonly corrected: bigint;
  /** What was charged: positive. */
  readonly total: bigint;
  readonly balanceAfter: bigint;
  readonly lines: readonly InvoiceLine[];
}

export interface Statement extends AccountHolder {
  readonly period: Period;
  readonly balanceBefore: bigint;
  readonly movements: readonly Movement[];
  readonly balanceAfter: bigint;
}

/** An account that is not the sum of its movements, or an invoice that is not what the ledger has of its period. */
export interface Imbalance {
  readonly client: number;
  readonly invoice?: number;
  readonly kept: bigint;
  readonly sum: bigint;
}

export interface Audit {
  /** How many were read. */
  readonly accounts: number;
  readonly invoices: number;
  readonly imbalances: readonly Imbalance[];
}

export interface AccountStore {
  currency(): Promise<Currency>;
  /** One transaction: movement, balance, notice to the client, journal. Throws `client-unknown`. */
  enter(entry: Entry, operator: string): Promise<Entered>;
  /**
   * The invoice of exactly this period: the one that was made before, or a new one. Throws `client-unknown`,
   * `period-open` (it has not ended), `invoice-overlap` and `invoice-empty`.
   */
  invoice(client: number, period: Period, operator: string): Promise<Invoice>;
  findInvoice(number: number): Promise<Invoice | undefined>;
  /** Throws `client-unknown`. */
  statement(client: number, period: Period): Promise<Statement>;
  /** `validFrom` absent: from now on. Throws `tariff-past`. */
  setTariff(tariff: Tariff, operator: string): Promise<Tariff>;
  /** All there were and will be, the newest of each service first. */
  tariffs(): Promise<Tariff[]>;
  /** Reads every account and every invoice. */
  audit(): Promise<Audit>;
}
