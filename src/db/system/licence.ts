/** The installation's id and its licence key, among the settings. */
import { randomBytes } from 'node:crypto';
import type { LicenceStore } from '../../core/licence.ts';
import { installationBytes, installationText, type Licence } from '../../core/licence-key.ts';
import type { Database, Queryable } from '../database.ts';
import { writeJournal } from './operator.ts';

/** Made when it is first asked for, and the same from then on. */
export async function installationId(database: Queryable): Promise<string> {
  const kept = await readText(database, 'installation');
  if (kept !== undefined) return kept;
  await database.query(
    `insert into setting (name, value) values ('installation', to_jsonb($1::text)) on conflict (name) do nothing`,
    [installationText(randomBytes(installationBytes))],
  );
  return installationId(database);
}

export class PostgresLicenceStore implements LicenceStore {
  readonly vendor: LicenceStore['vendor'];
  readonly #database: Database;

  constructor(database: Database, vendor: LicenceStore['vendor']) {
    this.#database = database;
    this.vendor = vendor;
  }

  installation(): Promise<string> {
    return installationId(this.#database);
  }

  key(): Promise<string | undefined> {
    return readText(this.#database, 'licence');
  }

  keep(key: string, { clients, holder, until }: Licence, operator: string): Promise<void> {
    return this.#database.transaction(async connection => {
      await connection.query(
        `insert into setting (name, value) values ('licence', to_jsonb($1::text))
         on conflict (name) do update set value = excluded.value`,
        [key],
      );
      await writeJournal(connection, 'licence-set', { clients, holder, until }, operator);
    });
  }

  /** The database's clock, what it showed at the latest, and the newest act in the journal, which cannot be taken back. */
  async latestMoment(): Promise<number> {
    const [row] = await this.#database.query<{ moment: number }>(
      `insert into setting (name, value)
       select 'latestMoment', to_jsonb(floor(extract(epoch from greatest(
                clock_timestamp(), (select at from journal order by id desc limit 1))) * 1000)::bigint)
       on conflict (name) do update
         set value = to_jsonb(greatest(setting.value::bigint, excluded.value::bigint))
       returning value::float8 as moment`,
    );
    return row?.moment ?? 0;
  }
}

async function readText(database: Queryable, name: string): Promise<string | undefined> {
  const [row] = await database.query<{ value: string }>(
    `select value #>> '{}' as value from setting where name = $1`,
    [name],
  );
  return row?.value;
}
