/**
 * The engine's status as consoles see it: collected here, written at most once a second and only when it changed,
 * with a sign of life in between.
 */
import type { Counts, EngineState, EngineStatus, MonitorEvent } from '../engine-status.ts';
import type { Clock, SystemStore } from '../ports.ts';

const leastGapMs = 1_000;
const signOfLifeMs = 10_000;
/** A status must fit PostgreSQL's NOTIFY payload of 8 000 bytes. */
const eventLimit = 10;

export type Identity = Pick<EngineStatus, 'id' | 'pid' | 'host'>;
type Changing = Pick<EngineStatus, 'broker' | 'database' | 'cycle' | 'waiting' | 'ending'>;

export class Report {
  readonly #system: Pick<SystemStore, 'report' | 'leave'>;
  readonly #clock: Clock;
  readonly #identity: Identity;
  readonly #onTrouble: (error: unknown) => void;
  readonly #startedAt: number;
  #state: EngineState = 'starting';
  #changing: Changing;
  #today: Counts = none;
  #total: Counts = none;
  #events: MonitorEvent[] = [];
  /** Messages received per minute, by minute since 1970. */
  readonly #minutes = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;
  #life: NodeJS.Timeout | undefined;
  #lastAt = Number.NEGATIVE_INFINITY;
  /** False: it failed. */
  #writing: Promise<boolean> = Promise.resolve(true);
  #isWriting = false;
  /** What is being written is not all that is to be told. */
  #isOutdated = false;
  #closed = false;

  constructor(
    system: Pick<SystemStore, 'report' | 'leave'>,
    clock: Clock,
    identity: Identity,
    initial: Changing,
    onTrouble: (error: unknown) => void,
  ) {
    this.#system = system;
    this.#clock = clock;
    this.#identity = identity;
    this.#onTrouble = onTrouble;
    this.#startedAt = clock.now();
    this.#changing = initial;
  }

  get status(): EngineStatus {
    return {
      ...this.#identity,
      state: this.#state,
      startedAt: this.#startedAt,
      ...this.#changing,
      today: this.#today,
      total: this.#total,
      perMinute: this.#lastHour(),
      events: this.#events,
    };
  }

  /** Begins the signs of life. */
  start(): void {
    this.#life ??= setInterval(() => this.#write(false), signOfLifeMs);
    this.#changed();
  }

  setState(state: EngineState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#changed();
  }

  /** Resolves when it is written, for others to read; false: the database is away. */
  async announce(state: EngineState): Promise<boolean> {
    this.#state = state;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    this.#write(true);
    return this.#writing;
  }

  set(change: Partial<Changing>): void {
    const next = { ...this.#changing, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.#changing)) return;
    this.#changing = next;
    this.#changed();
  }

  /** What the database counts: the truth, read at start and in every cycle. */
  setCounts(today: Counts, total: Counts): void {
    if (JSON.stringify([today, total]) === JSON.stringify([this.#today, this.#total])) return;
    this.#today = today;
    this.#total = total;
    this.#changed();
  }

  /** Adds to the counts until they are read again. */
  count(added: Partial<Counts>): void {
    this.#today = sum(this.#today, added);
    this.#total = sum(this.#total, added);
    if (added.received) {
      const minute = Math.floor(this.#clock.now() / 60_000);
      this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + added.received);
      for (const old of this.#minutes.keys()) if (old <= minute - 60) this.#minutes.delete(old);
    }
    this.#changed();
  }

  event(event: MonitorEvent): void {
    this.#events = [...this.#events, event].slice(-eventLimit);
    this.#changed();
  }

  /** Takes the engine's row away: a clean leave. False: it stays, and others find it without signs of life. */
  async close(left: boolean): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#life);
    await this.#writing;
    if (left) await this.#system.leave(this.#identity.id);
  }

  #changed(): void {
    if (this.#closed || this.#timer) return;
    // Elapsed time, not the clock's: a clock that is set back would silence the engine for as long.
    const wait = Math.max(0, this.#lastAt + leastGapMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#write(true);
    }, wait);
  }

  #write(notify: boolean): void {
    if (this.#closed) return;
    if (this.#isWriting) {
      // While the database does not answer, writes must not queue up: what holds then is told when it does.
      this.#isOutdated ||= notify;
      return;
    }
    const status = this.status;
    if (notify) {
      this.#events = [];
      this.#lastAt = performance.now();
    }
    this.#isWriting = true;
    this.#writing = this.#report(status, notify).finally(() => {
      this.#isWriting = false;
      if (this.#isOutdated) this.#changed();
      this.#isOutdated = false;
    });
  }

  async #report(status: EngineStatus, notify: boolean): Promise<boolean> {
    try {
      await this.#system.report(status, notify);
      return true;
    } catch (error) {
      this.#onTrouble(error);
      // What was not told is told when the database is back.
      if (notify) this.#events = [...status.events, ...this.#events].slice(-eventLimit);
      return false;
    }
  }

  #lastHour(): number[] {
    const minute = Math.floor(this.#clock.now() / 60_000);
    return Array.from({ length: 60 }, (_, i) => this.#minutes.get(minute - 59 + i) ?? 0);
  }
}

const none: Counts = { received: 0, filed: 0, refused: 0, sent: 0 };

function sum(counts: Counts, added: Partial<Counts>): Counts {
  return {
    received: counts.received + (added.received ?? 0),
    filed: counts.filed + (added.filed ?? 0),
    refused: counts.refused + (added.refused ?? 0),
    sent: counts.sent + (added.sent ?? 0),
  };
}
