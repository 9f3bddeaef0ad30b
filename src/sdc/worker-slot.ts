/** One place of the pool: a worker, what it is at, and another in its place when it dies. */
import { Worker } from 'node:worker_threads';
import type { Packet } from './packet.ts';
import type { Answer, Task, WorkerOptions } from './task.ts';

/** A question to a worker. The task is made when its turn has come: until then nothing is copied. */
export interface Question {
  readonly task: () => Task;
  /** `life`: of the worker that answered. */
  readonly resolve: (answer: Answer, slot: WorkerSlot, life: number) => void;
  readonly reject: (error: unknown) => void;
}

interface Asked {
  readonly question: Question;
  readonly kind: Task['kind'];
}

export class WorkerDeath extends Error {
  /** It died at this very question; others only waited. */
  readonly isGuilty: boolean;
  constructor(isGuilty: boolean) {
    super('worker died');
    this.isGuilty = isGuilty;
  }
}

/** One at work and one at hand, so that no worker waits for the next. */
const inFlightLimit = 2;
/**
 * Jobs that are unsealed, or on their way to it, and not verified yet. With more, what is unsealed waits so long that V8
 * takes it for lasting, and collects its whole heap four times as often. An idle worker goes on all the same: what it
 * waits for is the directory, which may take long.
 */
const openJobLimit = 2;
/** MB. A message is gone before the next comes: a small young generation is enough, and what grows is a fault. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 } as const;

/** Workers that end before they are ready, one after the other: then it is not for what they are asked. */
const failedStartLimit = 3;

export class WorkerSlot {
  readonly #file: URL | string;
  readonly #options: WorkerOptions;
  readonly #onRoom: () => void;
  readonly #onHopeless: (error: Error) => void;
  #worker: Worker;
  #inFlight: Asked[] = [];
  #openJobs = 0;
  #life = 0;
  #failedStarts = 0;
  #error: Error | undefined;
  #isReady = false;
  #closing = false;

  constructor(
    file: URL | string,
    options: WorkerOptions,
    on: { readonly room: () => void; readonly hopeless: (error: Error) => void },
  ) {
    this.#file = file;
    this.#options = options;
    this.#onRoom = on.room;
    this.#onHopeless = on.hopeless;
    this.#worker = this.#start();
  }

  /** Counts the workers that this place has had: what one remembered dies with it. */
  get life(): number {
    return this.#life;
  }

  get load(): number {
    return this.#inFlight.length;
  }

  get hasRoom(): boolean {
    if (this.#closing) return false;
    return this.load === 0 || (this.load < inFlightLimit && this.#openJobs < openJobLimit);
  }

  ask(question: Question): void {
    let task: Task;
    try {
      task = question.task();
    } catch (error) {
      question.reject(error);
      return;
    }
    this.#inFlight.push({ question, kind: task.kind });
    if (task.kind === 'unseal') this.#openJobs++;
    this.#worker.postMessage(task, [packetOf(task).bytes]);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#worker.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { workerData: this.#options, resourceLimits });
    worker.on('message', (answer: Answer) => this.#answered(answer));
    worker.on('error', (error: Error) => {
      this.#error = error;
    });
    worker.on('exit', () => this.#died());
    return worker;
  }

  #answered(answer: Answer): void {
    if (answer.kind === 'ready') {
      this.#isReady = true;
      this.#failedStarts = 0;
      return;
    }
    const asked = this.#inFlight.shift();
    if (asked && endsJob(asked.kind, answer)) this.#openJobs--;
    asked?.question.resolve(answer, this, this.#life);
    this.#onRoom();
  }

  #died(): void {
    const [lost, wasReady] = [this.#inFlight, this.#isReady];
    this.#inFlight = [];
    this.#openJobs = 0;
    this.#isReady = false;
    this.#life++;
    if (!this.#closing) {
      if (++this.#failedStarts < failedStartLimit) this.#worker = this.#start();
      else this.#onHopeless(this.#error ?? new Error('worker does not start'));
    }
    for (const [i, { question }] of lost.entries()) question.reject(new WorkerDeath(wasReady && i === 0));
    this.#onRoom();
  }
}

function endsJob(kind: Task['kind'], answer: Answer): boolean {
  return kind === 'verify' || (kind === 'unseal' && answer.kind !== 'signers');
}

function packetOf(task: Task): Packet {
  switch (task.kind) {
    case 'unseal':
      return task.sdcs;
    case 'verify':
      return task.keys;
    case 'seal':
      return task.messages;
  }
}
