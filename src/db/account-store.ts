/** The accounts in XMServerSystem, as the rules of money use them. */
import type { Currency } from '../core/money/amount.ts';
import type { Period } from '../core/money/period.ts';
import type { AccountStore, Entry } from '../core/money/ports.ts';
import type { Tariff } from '../core/money/tariff.ts';
import type { Database } from './database.ts';
import { auditAccounts } from './system/audit.ts';
import { enter } from './system/entry.ts';
import { makeInvoice, readInvoice } from './system/invoice.ts';
import { readSettings } from './system/setting.ts';
import { readStatement } from './system/statement.ts';
import { readTariffs, writeTariff } from './system/tariff.ts';

export class PostgresAccountStore implements AccountStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async currency(): Promise<Currency> {
    const { currency, currencyDecimals } = await readSettings(this.#database);
    return { code: currency, decimals: currencyDecimals };
  }

  enter(entry: Entry, operator: string) {
    return enter(this.#database, entry, operator);
  }

  invoice(client: number, period: Period, operator: string) {
    return makeInvoice(this.#database, client, period, operator);
  }

  findInvoice(number: number) {
    return readInvoice(this.#database, number);
  }

  statement(client: number, period: Period) {
    return readStatement(this.#database, client, period);
  }

  setTariff(tariff: Tariff, operator: string) {
    return writeTariff(this.#database, tariff, operator);
  }

  tariffs() {
    return readTariffs(this.#database);
  }

  audit() {
    return auditAccounts(this.#database);
  }
}
