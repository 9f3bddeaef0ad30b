/** What a console sees of the engines: their statuses as they come, and when none gives a sign of life any more. */
import type { EngineStatus } from '../core/engine-status.ts';
import type { Database } from './database.ts';
import { Listener } from './listener.ts';
import { channels, liveEngines } from './system/engine.ts';
import { countUnread } from './system/received-message.ts';

export interface EngineWatchHandlers {
  /** The status of the engine that was started last; undefined: no engine runs. */
  readonly onStatus: (status: EngineStatus | undefined) => void;
  readonly onConnection: (connected: boolean) => void;
  /** Messages of clients that nobody has read: at the beginning, and whenever there are more or fewer. */
  readonly onUnread?: (count: number) => void;
}

/** An engine gives a sign of life every 10 s; after three missed ones it counts as dead. */
const usualTimes = { lookMs: 10_000, silentMs: 30_000 };

export class EngineWatch {
  readonly #database: Database;
  readonly #listener: Listener;
  readonly #handlers: EngineWatchHandlers;
  readonly #times: typeof usualTimes;
  #timer: NodeJS.Timeout | undefined;
  #shown: Pick<EngineStatus, 'id' | 'startedAt'> | undefined;
  #closed = false;
  #isCounting = false;
  /** Something came, or was read, that the count does not know of. */
  #isOutdated = false;

  constructor(database: Database, handlers: EngineWatchHandlers, times = usualTimes) {
    this.#database = database;
    this.#handlers = handlers;
    this.#times = times;
    this.#listener = new Listener(database.settings, 'xmserver console', [channels.engine, channels.inbox], {
      onNotification: (channel, payload) => {
        if (channel === channels.inbox) void this.#countUnread();
        else this.#notified(payload as Partial<EngineNotice>);
      },
      onState: connected => {
        handlers.onConnection(connected);
        // Whatever changed meanwhile was missed.
        if (!connected) return;
        void this.#look(() => true);
        void this.#countUnread();
      },
    });
  }

  async start(): Promise<void> {
    await this.#listener.start();
    this.#timer = setInterval(
      () => void this.#look(newest => newest?.id !== this.#shown?.id),
      this.#times.lookMs,
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#listener.close();
  }

  #notified(notice: Partial<EngineNotice>): void {
    const ours = notice.id !== undefined && notice.id === this.#shown?.id;
    if (notice.left) {
      if (ours) void this.#look(() => true);
    } else if (isStatus(notice) && (ours || isNewer(notice, this.#shown))) {
      this.#tell(notice);
    }
  }

  /** For a console that has just begun to listen, and for engines that went away or died without a word. */
  async #look(isNews: (newest: EngineStatus | undefined) => boolean): Promise<void> {
    let newest: EngineStatus | undefined;
    try {
      for (const status of await liveEngines(this.#database, this.#times.silentMs)) {
        if (isNewer(status, newest)) newest = status;
      }
    } catch {
      return; // The database is away; the listener has told so, and looks again when it is back.
    }
    // Its events were notified already.
    if (!this.#closed && isNews(newest)) this.#tell(newest && { ...newest, events: [] });
  }

  /** One count at a time: what comes meanwhile is in the next. */
  async #countUnread(): Promise<void> {
    const { onUnread } = this.#handlers;
    this.#isOutdated = true;
    if (!onUnread || this.#isCounting) return;
    this.#isCounting = true;
    try {
      while (this.#isOutdated && !this.#closed) {
        this.#isOutdated = false;
        const count = await countUnread(this.#database);
        if (!this.#closed) onUnread(count);
      }
    } catch {
      // As above: the listener tells, and it is counted again.
    } finally {
      this.#isCounting = false;
    }
  }

  #tell(status: EngineStatus | undefined): void {
    this.#shown = status;
    this.#handlers.onStatus(status);
  }
}

type EngineNotice = EngineStatus & { readonly left?: true };

function isStatus(notice: Partial<EngineNotice>): notice is EngineStatus {
  return notice.id !== undefined && notice.startedAt !== undefined;
}

/** Of several engines the one started last is shown, so that the screen does not jump between them. */
function isNewer(status: EngineStatus, shown: Pick<EngineStatus, 'startedAt'> | undefined): boolean {
  return shown === undefined || status.startedAt > shown.startedAt;
}
