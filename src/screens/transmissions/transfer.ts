/** An import or export of T2D: one at a time, for as long as the session lasts, whatever screen is looked at. */
import type { T2dView } from '../../core/console-ports.ts';
import { XmError } from '../../core/errors.ts';
import { ImportTally, type Written } from '../../core/t2d-run.ts';
import { Observable } from '../observable.ts';
import { Pace } from '../pace.ts';

const leastGapMs = 1_000;

export interface Order {
  readonly direction: 'import' | 'export';
  readonly folder: string;
  /** Of an export; absent: all. */
  readonly client?: number;
}

export interface Report {
  readonly order: Order;
  readonly state: 'running' | 'stopping' | 'done' | 'stopped' | 'failed';
  readonly tally: ImportTally;
  /** Files that are dealt with, of those that are; of an export, of none until that is known. */
  readonly progress: { readonly files: number; readonly of: number };
  readonly written: Written;
  /** Who could not be answered, as logs have it. */
  readonly notes: readonly string[];
  /** Why the database is waited for. */
  readonly trouble?: unknown;
  /** What has ended it. */
  readonly fault?: unknown;
}

type Changing = { -readonly [Name in keyof Report]: Report[Name] };

export class Transfer extends Observable {
  readonly #port: T2dView;
  readonly #pace = new Pace(leastGapMs, () => this.changed());
  #report: Changing | undefined;
  #running: AbortController | undefined;

  constructor(port: T2dView) {
    super();
    this.#port = port;
  }

  /** Of the last one that has begun; undefined: there was none. */
  get report(): Report | undefined {
    return this.#report;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Resolves once it is under way; rejects with what keeps it from that, and has done nothing. `onEnd`: it is over. */
  begin(order: Order, onEnd: (report: Report) => void): Promise<void> {
    const running = new AbortController();
    const begun = Promise.withResolvers<void>();
    const report: Changing = {
      order,
      state: 'running',
      tally: new ImportTally(),
      progress: { files: 0, of: 0 },
      written: { written: 0, present: 0 },
      notes: [],
    };
    const begin = () => {
      if (this.#report === report) return;
      this.#report = report;
      this.#pace.now();
      begun.resolve();
    };
    this.#running = running;
    const over = (state: Report['state'], fault?: unknown) => {
      this.#running = undefined;
      if (this.#report !== report) return begun.reject(fault);
      Object.assign(report, { state, fault, trouble: undefined });
      this.#pace.now();
      onEnd(report);
    };
    this.#work(report, begin, running.signal).then(
      () => {
        begin();
        over(running.signal.aborted ? 'stopped' : 'done');
      },
      error => {
        const isStopped = running.signal.aborted && !(error instanceof XmError);
        if (isStopped) over('stopped');
        else over('failed', error);
      },
    );
    return begun.promise;
  }

  /** What is done stays done, the rest where it is. */
  stop(): void {
    this.#running?.abort();
    if (this.#report && this.isRunning) this.#report.state = 'stopping';
    this.#pace.now();
  }

  /** Nobody looks any more. */
  close(): void {
    this.#running?.abort();
    this.#pace.stop();
  }

  #work(report: Changing, begin: () => void, ending: AbortSignal): Promise<void> {
    const { direction, folder, client } = report.order;
    return direction === 'import'
      ? this.#import(report, begin, ending)
      : this.#port.export(
          folder,
          client,
          {
            onFiles: files => {
              const { written, present, of } = files;
              report.written = { written, present };
              report.progress = { files: written + present, of };
              this.#tell(begin);
            },
            onLog: line => {
              report.notes = [...report.notes, line];
              this.#tell(begin);
            },
          },
          ending,
        );
  }

  #import(report: Changing, begin: () => void, ending: AbortSignal): Promise<void> {
    return this.#port.import(
      report.order.folder,
      {
        onEvent: event => {
          report.tally.add(event);
          if (event.kind !== 'progress') return this.#pace.ask();
          report.progress = event;
          this.#tell(begin);
        },
        onTrouble: error => {
          const isNews = (report.trouble === undefined) !== (error === undefined);
          report.trouble = error;
          if (isNews) this.#pace.now();
        },
      },
      ending,
    );
  }

  #tell(begin: () => void): void {
    begin();
    this.#pace.ask();
  }
}
