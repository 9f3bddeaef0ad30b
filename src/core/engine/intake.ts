/**
 * Messages in: collected, opened, judged, filed in one transaction, and only then acknowledged.
 *
 * A batch ends at 200 messages or 5 ms after its first (measured: 38 000 rows/s against 1 800 one by one). While one
 * batch is filed the next is opened and a third collects; past `queueLimit` the link is asked to stop reading, so that
 * a backlog stays at the broker and never in the heap.
 */
import { type ErrorCode, faultText, XmError } from '../errors.ts';
import { topics } from '../message.ts';
import { pause } from '../pause.ts';
import type { Arrival, ArrivalOutcome, Clock, Delivery, DocumentStore, Opener } from '../ports.ts';
import type { FormTable } from '../record.ts';
import type { Directory } from './directory.ts';
import { type Judgement, judge } from './judge.ts';
import { Patience } from './patience.ts';
import { Signal } from './signal.ts';
import { isStructural, type Structures } from './structures.ts';

const batchLimit = 200;
/** Of messages with hundreds of records fewer are enough: one transaction is not to last for seconds. */
const batchBytesLimit = 512 << 10;
const gatherMs = 5;
const queueLimit = 1_000;
/** A thousand SDCs have less; what is too large must be held, too, until it is refused. */
const queueBytesLimit = 4 << 20;
/**
 * A single message that fails this often, while the database answers, is refused as an internal fault: at a statement,
 * or by the loss of its session, which may also be the network's doing.
 */
const failureLimits = { statement: 5, session: 12 } as const;
const betweenAttemptsMs = 50;
/** Messages tried on their own at a time, while others are filed. */
const suspectLimit = 20;
/** What takes so long has waited for a lock or a network: it says nothing against a message. */
const quickMs = 5_000;

export interface IntakeParts {
  readonly clock: Clock;
  readonly opener: Opener;
  readonly directory: Directory;
  readonly structures: Structures;
  readonly documents: Pick<DocumentStore, 'file'>;
  /** How long questions are remembered. */
  readonly answerDays: () => number | Promise<number>;
  /** Told of each message once it is committed, before its PUBACK. */
  readonly onFiled: (
    arrivals: readonly Arrival[],
    outcomes: readonly ArrivalOutcome[],
    known: readonly Judgement[],
  ) => void;
  /** Told of each failed attempt and, with undefined, of the first that works again. */
  readonly onTrouble: (error: unknown) => void;
}

interface Waiting {
  readonly at: number;
  readonly delivery: Delivery;
}

/** The messages at the front of a batch, opened and judged: as many as are held at once. */
interface Prepared {
  readonly arrivals: readonly Arrival[];
  readonly judgements: readonly Judgement[];
}

interface Done {
  /** Messages at the front of the batch that are filed and acknowledged. */
  readonly count: number;
}

interface Fault {
  readonly error: unknown;
  /** The database is to blame, or the network to it. */
  readonly isOutage: boolean;
  /** What was to be filed, where it came to that. */
  readonly ready: Prepared | undefined;
}

export class Intake {
  readonly #parts: IntakeParts;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  readonly #arrived = new Signal();
  #roomAwaited: { promise: Promise<void>; resolve: () => void } | undefined;
  readonly #ending = new AbortController();
  #loop: Promise<void> | undefined;
  #troubled = false;
  /** Single messages that fail while the database answers: the others go on without them. */
  readonly #suspects = new Set<Promise<void>>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Takes a message; a returned promise resolves when there is room for the next. */
  accept(delivery: Delivery): Promise<void> | undefined {
    if (this.#ending.signal.aborted) return undefined;
    this.#queue.push({ at: this.#parts.clock.now(), delivery });
    this.#queuedBytes += delivery.payload.length;
    this.#arrived.raise();
    if (this.#queue.length < queueLimit && this.#queuedBytes < queueBytesLimit) return undefined;
    this.#roomAwaited ??= Promise.withResolvers<void>();
    return this.#roomAwaited.promise;
  }

  /** More waits than the batch that is taken next. */
  get isBehind(): boolean {
    return this.#queue.length >= batchLimit;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /**
   * Ends after the batch in hand is filed and acknowledged, or given up where the database does not answer. What is
   * not acknowledged stays at the broker.
   */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#arrived.raise();
    this.#roomAwaited?.resolve();
    await this.#loop;
    await Promise.all(this.#suspects);
    this.#queue = [];
  }

  async #run(): Promise<void> {
    const ending = this.#ending.signal;
    let filing = Promise.resolve();
    while (!ending.aborted) {
      await this.#arrived.wait();
      if (this.#queue.length < batchLimit) await pause(gatherMs, ending);
      while (this.#queue.length > 0 && !ending.aborted) {
        const batch = this.#takeBatch();
        const prepared = this.#prepare(batch);
        prepared.catch(() => undefined); // told when its turn to be filed comes
        await filing;
        filing = this.#process(batch, prepared);
      }
    }
    await filing;
  }

  #takeBatch(): Waiting[] {
    let [count, bytes] = [0, 0];
    for (const { delivery } of this.#queue.slice(0, batchLimit)) {
      if (count > 0 && bytes + delivery.payload.length > batchBytesLimit) break;
      bytes += delivery.payload.length;
      count++;
    }
    const batch = this.#queue.splice(0, count);
    this.#queuedBytes -= bytes;
    if (this.#queue.length < queueLimit / 2 && this.#queuedBytes < queueBytesLimit / 2) {
      this.#roomAwaited?.resolve();
      this.#roomAwaited = undefined;
    }
    return batch;
  }

  /**
   * Resolves when the batch is filed and acknowledged, all but its suspects, or when stopping made it give up; never
   * rejects. Where the database is away the batch is kept; where it answers, one of the messages is to blame, and each
   * half is tried by itself.
   */
  async #process(batch: readonly Waiting[], first?: Promise<Prepared>): Promise<void> {
    const patience = new Patience();
    for (let prepared = first; ; prepared = undefined) {
      const result = await this.#attempt(batch, prepared);
      if (this.#ending.signal.aborted) return;
      if ('count' in result) {
        if (result.count < batch.length) await this.#process(batch.slice(result.count));
        return;
      }
      if (result.isOutage) {
        await patience.pause(this.#ending.signal);
        if (this.#ending.signal.aborted) return;
      } else if (batch.length === 1) {
        return this.#suspect(batch);
      } else {
        const middle = batch.length >> 1;
        await this.#process(batch.slice(0, middle));
        return this.#process(batch.slice(middle));
      }
    }
  }

  async #attempt(batch: readonly Waiting[], prepared = this.#prepare(batch)): Promise<Done | Fault> {
    let ready: Prepared | undefined;
    let startedAt = 0;
    try {
      ready = await prepared;
      startedAt = performance.now();
      await this.#file(batch, ready);
      this.#trouble(undefined);
      return { count: ready.arrivals.length };
    } catch (error) {
      // Whatever a message holds, it can be opened and judged: a fault there is none of its.
      const isOutage =
        ready === undefined ||
        performance.now() - startedAt > quickMs ||
        isCode(error, 'database-hindered') ||
        !(await this.#databaseAnswers());
      if (isOutage) this.#trouble(error);
      return { error, isOutage, ready };
    }
  }

  async #databaseAnswers(): Promise<boolean> {
    return this.#parts.documents.file([]).then(
      () => true,
      () => false,
    );
  }

  /** Goes on trying a message by itself; resolves when there is room for another suspect. */
  async #suspect(message: readonly Waiting[]): Promise<void> {
    const trial = this.#try(message);
    this.#suspects.add(trial);
    void trial.then(() => this.#suspects.delete(trial));
    if (this.#suspects.size >= suspectLimit) await Promise.race(this.#suspects);
  }

  /** Resolves when it is filed, or refused with the fault as its reason, or when stopping made it give up. */
  async #try(message: readonly Waiting[]): Promise<void> {
    const patience = new Patience();
    const failures = { statement: 1, session: 0 };
    for (let isSlow = false; ; ) {
      if (isSlow) await patience.pause(this.#ending.signal);
      else await pause(failures.statement * betweenAttemptsMs, this.#ending.signal);
      if (this.#ending.signal.aborted) return;
      const fault = await this.#attempt(message);
      if ('count' in fault) return;
      const kind = isCode(fault.error, 'database-unreachable') ? 'session' : 'statement';
      isSlow = fault.isOutage || kind === 'session';
      if (!fault.isOutage) failures[kind]++;
      if (failures[kind] >= failureLimits[kind] && !fault.isOutage) {
        if (await this.#refuse(message, fault)) return;
      }
    }
  }

  async #prepare(batch: readonly Waiting[]): Promise<Prepared> {
    const { directory, opener, structures, clock } = this.#parts;
    // Only the topic tells, before a message is opened, what its size may be; and if it does not open, whom to answer.
    const hinted = batch.map(({ delivery }) => topics.matricule(delivery.topic));
    const clients = await directory.clients(hinted.filter(matricule => matricule !== undefined));
    const results = await opener.open(
      batch.map(({ delivery }, i) => ({
        sdc: delivery.payload,
        isBatch: clients.get(hinted[i] ?? -1)?.batch ?? false,
        ...(hinted[i] === undefined ? {} : { sender: hinted[i] }),
      })),
      async ids => [...(await directory.signers(ids)).values()],
    );
    const signers = await directory.signers(results.flatMap(result => (result.ok ? [result.signer] : [])));
    const others = [...signers.values()].map(signer => signer.matricule).filter(one => !clients.has(one));
    for (const [matricule, client] of await directory.clients(others)) clients.set(matricule, client);
    const answerDays = await this.#parts.answerDays();
    const judgeBy = (tables: ReadonlyMap<string, FormTable>) =>
      results.map((result, i) =>
        judge(result, { signers, clients, tables, now: clock.now(), topic: hinted[i] ?? 0, answerDays }),
      );
    let judgements = judgeBy(await structures.current());
    if (judgements.some(({ verdict }) => isStructural(verdict))) {
      const newer = await structures.newer();
      if (newer) judgements = judgeBy(newer);
    }
    const arrivals = judgements.map((judgement, i) =>
      arrival(batch[i] as Waiting, judgement, hintedClient(hinted[i])),
    );
    return { arrivals, judgements };

    function hintedClient(matricule: number | undefined): number | undefined {
      return matricule !== undefined && clients.has(matricule) ? matricule : undefined;
    }
  }

  async #file(batch: readonly Waiting[], { arrivals, judgements }: Prepared): Promise<void> {
    const outcomes = await this.#parts.documents.file(arrivals);
    this.#parts.onFiled(arrivals, outcomes, judgements);
    for (const { delivery } of batch.slice(0, arrivals.length)) delivery.acknowledge();
  }

  /** Files a message that only makes trouble as refused, with the fault as the reason; false: not even that worked. */
  async #refuse(message: readonly Waiting[], { error, ready }: Fault): Promise<boolean> {
    const verdict = { refuse: { code: 'internal-fault', params: { detail: faultText(error) } } } as const;
    const known = ready?.arrivals.map(one => ({ ...one, verdict }));
    // Where what it says of itself makes the trouble, only what everybody can see of it is kept.
    const bare = message.map(waiting => arrival(waiting, { verdict }, undefined));
    for (const arrivals of known ? [known, bare] : [bare]) {
      try {
        await this.#file(message, { arrivals, judgements: arrivals.map(() => ({ verdict })) });
        return true;
      } catch (fault) {
        this.#trouble(fault);
      }
    }
    return false;
  }

  #trouble(error: unknown): void {
    if (error === undefined && !this.#troubled) return;
    this.#troubled = error !== undefined;
    this.#parts.onTrouble(error);
  }
}

function isCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof XmError && error.code === code;
}

function arrival({ at, delivery }: Waiting, judgement: Judgement, hinted: number | undefined): Arrival {
  const client = judgement.client?.matricule ?? judgement.claimed ?? hinted;
  return {
    at,
    sdc: delivery.payload,
    topic: delivery.topic,
    ...(client === undefined ? {} : { client }),
    ...(judgement.opened ? { opened: judgement.opened } : {}),
    verdict: judgement.verdict,
  };
}
