/** A connection that listens for notifications, and comes back by itself when it is lost. */
import pg from 'pg';
import { Client } from './client.ts';
import { connectionOptions, type DatabaseSettings } from './database.ts';

const firstRetryMs = 250;
const longestRetryMs = 5_000;
/** An other end that has vanished says nothing, ever: so it is asked, and must answer. */
const usualTimes = { askMs: 30_000, answerMs: 10_000 };

export interface ListenerHandlers {
  /** The payload is a JSON object, or nothing, which stands for an empty one. */
  readonly onNotification: (channel: string, payload: object) => void;
  /** Connected (again): what happened meanwhile was missed. Or lost, and why. */
  readonly onState: (connected: boolean, error?: Error) => void;
}

export class Listener {
  readonly #settings: DatabaseSettings;
  readonly #applicationName: string;
  readonly #channels: readonly string[];
  readonly #handlers: ListenerHandlers;
  readonly #times: typeof usualTimes;
  #client: Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = firstRetryMs;
  #closed = false;

  constructor(
    settings: DatabaseSettings,
    applicationName: string,
    channels: readonly string[],
    handlers: ListenerHandlers,
    times = usualTimes,
  ) {
    this.#times = times;
    this.#settings = settings;
    this.#applicationName = applicationName;
    this.#channels = channels;
    this.#handlers = handlers;
  }

  /** Resolves when it listens; a first connection that fails rejects, later ones are tried again. */
  async start(): Promise<void> {
    await this.#connect();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#client?.end().catch(() => undefined); // it may be lost already
  }

  async #connect(): Promise<void> {
    const client = new Client({
      ...connectionOptions(this.#settings, this.#applicationName),
      query_timeout: this.#times.answerMs,
    });
    client.on('notification', ({ channel, payload }) => this.#notified(channel, payload));
    client.on('error', error => this.#lost(client, error));
    client.on('end', () => this.#lost(client, new Error('connection ended')));
    try {
      await client.connect();
      for (const channel of this.#channels) await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      this.#drop(client);
      throw error;
    }
    if (this.#closed) return client.end();
    this.#client = client;
    this.#retryMs = firstRetryMs;
    this.#askLater(client);
    this.#handlers.onState(true);
  }

  #askLater(client: Client): void {
    this.#timer = setTimeout(() => {
      client.query('select').then(
        () => client === this.#client && !this.#closed && this.#askLater(client),
        (error: Error) => {
          this.#lost(client, error);
          this.#drop(client);
        },
      );
    }, this.#times.askMs);
  }

  /** Not awaited: the other end may never answer. */
  #drop(client: Client): void {
    client.end().catch(() => undefined);
  }

  /** Whoever may connect may notify: what is not ours is passed over. */
  #notified(channel: string, payload: string | undefined): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(payload || '{}');
    } catch {
      return;
    }
    if (typeof parsed === 'object' && parsed !== null) this.#handlers.onNotification(channel, parsed);
  }

  #lost(client: Client, error: Error): void {
    if (client !== this.#client || this.#closed) return;
    this.#client = undefined;
    clearTimeout(this.#timer);
    this.#handlers.onState(false, error);
    this.#retry();
  }

  #retry(): void {
    this.#timer = setTimeout(() => {
      this.#retryMs = Math.min(longestRetryMs, this.#retryMs * 2);
      this.#connect().catch(() => {
        if (!this.#closed) this.#retry();
      });
    }, this.#retryMs);
  }
}
