/** A real station: its own ECRData database, and the exporter that offices run. */
import { XmError } from '../../src/core/errors.ts';
import { type Answer, type Outcome, topics } from '../../src/core/message.ts';
import type { Clock } from '../../src/core/ports.ts';
import { CalendarDate, numeroColumn, type Value } from '../../src/core/record.ts';
import { Database, type DatabaseSettings, quoted, valuesList } from '../../src/db/database.ts';
import { PostgresStationStore } from '../../src/db/station-store.ts';
import { openLink } from '../../src/mqtt/link.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { type AskingParts, ask, type Question } from '../../src/station/asking.ts';
import { type ExportEvent, Exporter } from '../../src/station/exporter.ts';
import { Events } from '../events.ts';
import { until } from '../until.ts';
import type { Office } from './enrol.ts';
import { birth } from './load.ts';
import { makeStationDatabase } from './postgres.ts';
import type { Site } from './site.ts';

export interface StationOptions {
  /** By default the site's broker. */
  readonly brokerUrl?: string;
  /** Shorter than an office's, so that a test sees it in time. */
  readonly retryMs?: number;
  /** Least milliseconds between two messages. */
  readonly paceMs?: number;
  /** Records of one SDC; by default 1. */
  readonly batch?: number;
  readonly clock?: Clock;
}

export class Station {
  readonly settings: DatabaseSettings;
  readonly events = new Events<ExportEvent>();
  readonly #site: Site;
  readonly #office: Office;
  readonly #options: StationOptions;
  readonly #ending = new AbortController();
  #database: Database;

  static async install(site: Site, office: Office, options: StationOptions = {}): Promise<Station> {
    const settings = { ...site.postgres.server, database: `ECRData${office.matricule}` };
    await makeStationDatabase(settings);
    return new Station(site, office, options, settings);
  }

  private constructor(site: Site, office: Office, options: StationOptions, settings: DatabaseSettings) {
    this.settings = settings;
    this.#site = site;
    this.#office = office;
    this.#options = options;
    this.#database = new Database(settings, 'station', 2);
  }

  get database(): Database {
    return this.#database;
  }

  /** Births with Status 2, as an office's clerk has frozen them. */
  async write(count: number): Promise<void> {
    const rows = Array.from({ length: count }, (_, i) => {
      const record = birth(i + 1);
      record.delete(numeroColumn);
      return record;
    });
    const columns = [...(rows[0] as Map<string, Value>).keys()];
    const { text, parameters } = valuesList(
      rows.map(row =>
        columns.map(name => {
          const value = row.get(name) ?? null;
          return value instanceof CalendarDate ? value.toString() : value;
        }),
      ),
    );
    await this.#database.query(
      `insert into "Naissance" (${columns.map(quoted).join(',')}) values ${text}`,
      parameters,
    );
  }

  /**
   * Exports what has Status 2; resolves when every record has its receipt, with the number that have none in the end.
   * Where its database goes away it begins another round, as `xmstation export --watch` does.
   */
  async export(patienceMs = 60_000, refused = false): Promise<number> {
    const { paceMs, clock = Date } = this.#options;
    const deadline = () => clock.now() + patienceMs;
    const exporter = this.#exporter();
    try {
      for (;;) {
        try {
          await exporter.export({
            tables: ['Naissance'],
            refused,
            ...(paceMs === undefined ? {} : { paceMs }),
          });
          return await exporter.settle(deadline());
        } catch (error) {
          if (!(error instanceof XmError && error.code === 'database-unreachable')) throw error;
        }
      }
    } finally {
      await exporter.close();
    }
  }

  /** Asks as a command does that has no link of its own. */
  ask(question: Question, signal: AbortSignal): Promise<readonly Answer[] | Outcome> {
    return ask(this.asking, question, signal);
  }

  get asking(): AskingParts {
    const { clock = Date } = this.#options;
    const sealer = createSealer({ signer: this.#office });
    const store = new PostgresStationStore(this.#database);
    return { clock, server: this.#site.server, store, sealer };
  }

  /** Has the link, and sends what is asked, while `work` goes on. */
  async connected<T>(work: () => Promise<T>): Promise<T> {
    const exporter = this.#exporter();
    const answering = exporter.answerQuestions();
    try {
      return await work();
    } finally {
      await exporter.close();
      await answering;
    }
  }

  /** Resolves when the broker has taken so many SDCs that have no receipt yet. */
  async sent(least: number): Promise<void> {
    const query = 'select from xms.kept where sent_at is not null and outcome is null';
    await until(async () => (await this.#database.query(query)).length >= least);
  }

  /** Rows of this Status. */
  async count(status: number): Promise<number> {
    const [row] = await this.#database.query<{ n: bigint }>(
      'select count(*) as n from "Naissance" where "Status" = $1',
      [status],
    );
    return Number(row?.n);
  }

  /** Copies the whole database, as a backup does. */
  async backUp(): Promise<void> {
    await this.#onServer(
      `create database "${this.settings.database}-backup" template "${this.settings.database}"`,
    );
  }

  /** Puts the copy in its place. */
  async restore(): Promise<void> {
    const { database } = this.settings;
    await this.#onServer(
      `drop database "${database}"`,
      `alter database "${database}-backup" rename to "${database}"`,
    );
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#database.close();
  }

  /** A template must have no connections: ours are closed meanwhile. */
  async #onServer(...statements: readonly string[]): Promise<void> {
    await this.#database.close();
    const server = new Database({ ...this.settings, database: 'postgres' }, 'station', 1);
    try {
      for (const statement of statements) await server.query(statement);
    } finally {
      await server.close();
      this.#database = new Database(this.settings, 'station', 2);
    }
  }

  #exporter(): Exporter {
    const { server, broker } = this.#site;
    const { matricule, keyId, privateKey } = this.#office;
    const { brokerUrl = broker.url, retryMs = 1_000, clock = Date, batch = 1 } = this.#options;
    return new Exporter(
      {
        clock,
        matricule,
        servers: () => [server],
        store: new PostgresStationStore(this.#database),
        sealer: createSealer({ signer: { keyId, privateKey } }),
        opener: createOpener({ recipients: [{ keyId, privateKey }] }),
        connect: handlers =>
          openLink(
            {
              url: brokerUrl,
              clientId: `xms-${matricule}`,
              keepAliveS: 60,
              sessionExpiryS: 3_600,
              subscriptions: [topics.down(matricule)],
              receiveMaximum: 5,
              retry: { firstMs: 50, longestMs: 500 },
            },
            handlers,
          ),
        onEvent: this.events.push,
        retryMs,
        batch,
      },
      this.#ending.signal,
    );
  }
}
