/** What a console shows of the engine: at most once a second, and never more than a slow link carries. */
import type { EngineView, Installation } from '../../core/console-ports.ts';
import type { EngineStatus, MonitorEvent } from '../../core/engine-status.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { Observable } from '../observable.ts';
import { Pace } from '../pace.ts';
import { MinuteRing } from './minute-ring.ts';
import { RingLog } from './ring-log.ts';

const leastGapMs = 1_000;
/** Bars of the graph that may change beside a new line of the log. */
const fewBars = 6;
/** Events that wait for their line; of more, only the newest and the refused ones get one. */
const longestQueue = 6;

export class Monitor extends Observable {
  readonly log = new RingLog();
  readonly minutes = new MinuteRing();
  readonly #installation: Pick<Installation, 'databaseLost' | 'unreadMessages'>;
  readonly #engine: EngineView;
  readonly #pace = new Pace(leastGapMs, () => this.#show());
  #stop: () => void = () => {};
  #status: EngineStatus | undefined;
  #databaseLost: ErrorCode | undefined;
  #unreadMessages = 0;
  #arrived: EngineStatus | undefined;
  #queue: MonitorEvent[] = [];

  constructor(installation: Pick<Installation, 'databaseLost' | 'unreadMessages' | 'engine'>) {
    super();
    this.#installation = installation;
    this.#engine = installation.engine;
  }

  /** As shown; undefined: no engine runs. */
  get status(): EngineStatus | undefined {
    return this.#status;
  }

  get databaseLost(): ErrorCode | undefined {
    return this.#databaseLost;
  }

  /** Messages of clients that nobody has read. */
  get unreadMessages(): number {
    return this.#unreadMessages;
  }

  /** Begins to watch. `lines`: how many events of before the log begins with. */
  open(lines: number): void {
    this.#stop = this.#engine.subscribe(() => this.#changedOutside());
    this.#arrived = this.#engine.status;
    this.#pace.now();
    // Without a database there is no journal; what happens from now on is told by the engine.
    this.#engine.recentEvents(lines).then(
      events => this.#begin(events),
      () => undefined,
    );
  }

  close(): void {
    this.#stop();
    this.#pace.stop();
  }

  #begin(events: readonly MonitorEvent[]): void {
    for (const event of events) this.log.add(event);
    this.#pace.now();
  }

  #changedOutside(): void {
    const status = this.#engine.status;
    if (status !== this.#arrived) {
      this.#queue.push(...(status?.events ?? []));
      this.#shorten();
    }
    this.#arrived = status;
    // What the operator has just had done, or must know at once, does not wait for its second.
    if (this.#isUrgent()) this.#pace.now();
    else this.#pace.ask();
  }

  #isUrgent(): boolean {
    const [shown, now] = [this.#status, this.#arrived];
    return (
      shown?.state !== now?.state ||
      shown?.broker.state !== now?.broker.state ||
      this.#databaseLost !== this.#installation.databaseLost
    );
  }

  #shorten(): void {
    while (this.#queue.length > longestQueue) {
      const ordinary = this.#queue.findIndex(({ kind }) => kind !== 'refused');
      this.#queue.splice(Math.max(0, ordinary), 1);
    }
  }

  #show(): void {
    const countersToo = this.#status !== this.#arrived;
    this.#status = this.#arrived;
    this.#databaseLost = this.#installation.databaseLost;
    const { unreadMessages } = this.#installation;
    const isOfMessages = unreadMessages !== this.#unreadMessages;
    this.#unreadMessages = unreadMessages;
    const bars = this.#status && countersToo ? this.minutes.update(this.#status.perMinute) : 0;
    // What is shown in one update stays below 200 bytes.
    const lines = bars > fewBars || isOfMessages ? 0 : countersToo ? 1 : 2;
    for (const event of this.#queue.splice(0, lines)) this.log.add(event);
    this.changed();
    if (this.#queue.length > 0) this.#pace.ask();
  }
}
