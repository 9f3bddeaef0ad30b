/** Settings of the installation that all its machines share, and the brokers. */
import type { BrokerTerms } from '../../core/administration/ports.ts';
import { settingRules } from '../../core/administration/setting.ts';
import type { Database, Queryable } from '../database.ts';
import { type TermsRow, termsColumns, termsOf } from './broker-terms.ts';

export interface SharedSettings {
  readonly serverName: string;
  /** Seconds. */
  readonly cyclePeriodS: number;
  /** How long attempts to get in are kept (the journal of messages), those that were refused too. */
  readonly attemptDays: number;
  /** How long sealed answers are kept to be repeated byte for byte; later, a repeat gets a new one with the same proof. */
  readonly answerDays: number;
  /** How far below zero reading may take an account, in the smallest unit of the currency. */
  readonly readingOverdraft: number;
  readonly trial: boolean;
  /** ISO 4217. */
  readonly currency: string;
  /** Digits of the currency's smallest unit, in which all amounts are kept. */
  readonly currencyDecimals: number;
  /** 1: engines look into the data folder's t2d/in. */
  readonly t2dWatch: number;
}

const defaultSettings: SharedSettings = {
  serverName: settingRules.serverName.initial,
  cyclePeriodS: settingRules.cyclePeriodS.initial,
  attemptDays: settingRules.attemptDays.initial,
  answerDays: settingRules.answerDays.initial,
  readingOverdraft: settingRules.readingOverdraft.initial,
  trial: false,
  currency: settingRules.currency.initial,
  currencyDecimals: settingRules.currencyDecimals.initial,
  t2dWatch: settingRules.t2dWatch.initial,
};

export async function readSettings(database: Queryable): Promise<SharedSettings> {
  const stored = Object.fromEntries(await storedSettings(database));
  return { ...defaultSettings, ...(stored as Partial<SharedSettings>) };
}

/** Those that were set, by name. */
export async function storedSettings(database: Queryable): Promise<Map<string, unknown>> {
  const rows = await database.query<{ name: string; value: unknown }>('select name, value from setting');
  return new Map(rows.map(({ name, value }) => [name, value]));
}

export async function writeSetting(database: Queryable, name: string, value: unknown): Promise<void> {
  await database.query(
    'insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value',
    [name, JSON.stringify(value)],
  );
}

/** Whether there are movements; until the end of the transaction none is added. */
export async function lockMovements(database: Queryable): Promise<boolean> {
  await database.query('lock table movement in share mode');
  return (await database.query('select from movement limit 1')).length > 0;
}

export async function writeSettings(database: Queryable, settings: Partial<SharedSettings>): Promise<void> {
  await database.query(
    `insert into setting (name, value) select key, value from jsonb_each($1)
     on conflict (name) do update set value = excluded.value`,
    [JSON.stringify(settings)],
  );
}

interface BrokerAccount {
  readonly url: string;
  readonly userName?: string;
  readonly password?: string;
}

export interface BrokerSettings extends BrokerAccount, BrokerTerms {}

export async function selectedBroker(database: Queryable): Promise<BrokerSettings | undefined> {
  const [row] = await database.query<
    TermsRow & { url: string; user_name: string | null; password: string | null }
  >(`select url, user_name, password, ${termsColumns} from broker where selected`);
  if (!row) return undefined;
  return {
    url: row.url,
    ...(row.user_name === null ? {} : { userName: row.user_name }),
    ...(row.password === null ? {} : { password: row.password }),
    ...termsOf(row),
  };
}

/** Stores a broker and selects it in place of the one before; how it is spoken to stays as it is known. */
export function selectBroker(database: Database, { url, userName, password }: BrokerAccount): Promise<void> {
  return database.transaction(async connection => {
    // Two that select at once take turns: one broker is selected, at every moment.
    await connection.query('lock table broker in share row exclusive mode');
    await connection.query('update broker set selected = false where selected and url <> $1', [url]);
    await connection.query(
      `insert into broker (url, user_name, password, selected) values ($1, $2, $3, true)
       on conflict (url) do update set user_name = $2, password = $3, selected = true`,
      [url, userName ?? null, password ?? null],
    );
  });
}
