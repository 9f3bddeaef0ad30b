/** What a console sees of the engines: their statuses as they come, and when none gives a sign of life any more. */
import type { EngineStatus } from '../core/engine-status.ts';
import type { Database } from './database.ts';
import { Listener } from './listener.ts';
import { channels, liveEngines } from './system/engine.ts';

/** An engine gives a sign of life every 10 s; after three missed ones it counts as dead (liveEngines). */
const lookMs = 10_000;

export interface EngineWatchHandlers {
  /** The newest status; undefined: no engine runs. */
  readonly onStatus: (status: EngineStatus | undefined) => void;
  readonly onConnection: (connected: boolean) => void;
}

export class EngineWatch {
  readonly #database: Database;
  readonly #listener: Listener;
  readonly #handlers: EngineWatchHandlers;
  #timer: NodeJS.Timeout | undefined;
  #shown: string | undefined;

  constructor(database: Database, handlers: EngineWatchHandlers) {
    this.#database = database;
    this.#handlers = handlers;
    this.#listener = new Listener(database.settings, 'xmserver console', [channels.engine], {
      onNotification: (_channel, payload) =>
        this.#notified(JSON.parse(payload) as EngineStatus & { left?: true }),
      onState: connected => {
        handlers.onConnection(connected);
        if (connected) void this.#look();
      },
    });
  }

  async start(): Promise<void> {
    await this.#listener.start();
    this.#timer = setInterval(() => void this.#look(), lookMs);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#listener.close();
  }

  #notified(status: EngineStatus & { left?: true }): void {
    if (status.left) {
      if (status.id === this.#shown) this.#tell(undefined);
      return;
    }
    this.#tell(status);
  }

  /** For a console that has just begun to listen, and for engines that died without a word. */
  async #look(): Promise<void> {
    try {
      const [newest] = await liveEngines(this.#database);
      // Its events were notified already.
      if (newest?.id !== this.#shown) this.#tell(newest && { ...newest, events: [] });
    } catch {
      // The database is away; the listener has told so, and looks again when it is back.
    }
  }

  #tell(status: EngineStatus | undefined): void {
    this.#shown = status?.id;
    this.#handlers.onStatus(status);
  }
}
