/** Settings of the installation that all its machines share, and the brokers. */
import type { Database, Queryable } from '../database.ts';

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
}

const defaultSettings: SharedSettings = {
  serverName: 'XMServer',
  cyclePeriodS: 60,
  attemptDays: 400,
  answerDays: 180,
  readingOverdraft: 0,
  trial: false,
};

export async function readSettings(database: Queryable): Promise<SharedSettings> {
  const rows = await database.query<{ name: string; value: unknown }>('select name, value from setting');
  const stored = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  return { ...defaultSettings, ...(stored as Partial<SharedSettings>) };
}

export async function writeSettings(database: Queryable, settings: Partial<SharedSettings>): Promise<void> {
  await database.query(
    `insert into setting (name, value) select key, value from jsonb_each($1)
     on conflict (name) do update set value = excluded.value`,
    [JSON.stringify(settings)],
  );
}

export interface BrokerSettings {
  readonly url: string;
  readonly userName?: string;
  readonly password?: string;
}

export async function selectedBroker(database: Queryable): Promise<BrokerSettings | undefined> {
  const [row] = await database.query<{ url: string; user_name: string | null; password: string | null }>(
    'select url, user_name, password from broker where selected',
  );
  if (!row) return undefined;
  return {
    url: row.url,
    ...(row.user_name === null ? {} : { userName: row.user_name }),
    ...(row.password === null ? {} : { password: row.password }),
  };
}

/** Stores a broker and selects it in place of the one before. */
export function selectBroker(database: Database, { url, userName, password }: BrokerSettings): Promise<void> {
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
