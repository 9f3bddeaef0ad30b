/**
 * The station's link: what is kept in its database goes out on it, records and questions alike, again after a while
 * where nothing has come back; and what comes in is taken into the database before it is acknowledged. One process has
 * it at a time; others leave their questions in the database.
 */
import { Patience } from '../core/engine/patience.ts';
import { faultText, XmError } from '../core/errors.ts';
import { type Answer, type Receipt, topics } from '../core/message.ts';
import { pause } from '../core/pause.ts';
import type { Clock, Delivery, Link, LinkHandlers, LinkStatus, Opener, PublicKeyRef } from '../core/ports.ts';
import type { AskedSdc, KeptSdc, SettledRecord, StationStore } from '../core/station-ports.ts';
import { Inbox } from './inbox.ts';

const readLimit = 50;
/**
 * Published and not answered by the broker yet; one message at least. 6 KB are 3 s of a link of 15 kbit/s: enough to keep
 * it busy for its round trip of 1.2 s, and less than the 5 s that a modem keeps before it drops what comes.
 */
const windowLimits = { messages: 20, bytes: 6_144 } as const;
/** No receipt after this: sent again. The round trip of a satellite link, a cycle of the server, and room for both. */
const usualRetryMs = 120_000;

export type CorrespondenceEvent =
  | { readonly kind: 'link'; readonly status: LinkStatus }
  | { readonly kind: 'sent'; readonly kept: KeptSdc }
  | { readonly kind: 'asked'; readonly asked: AskedSdc }
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'settled'; readonly records: readonly SettledRecord[] }
  /** An answer to a question, or what the server has sent by itself. */
  | { readonly kind: 'received'; readonly message: Answer }
  | { readonly kind: 'ignored'; readonly why: string };

export interface CorrespondenceParts {
  readonly clock: Clock;
  readonly matricule: number;
  /** The server's keys as they are now: all is sealed to the first, the newest; the signatures of the others still count. */
  readonly servers: () => readonly [PublicKeyRef, ...PublicKeyRef[]];
  readonly store: StationStore;
  readonly opener: Opener;
  readonly connect: (handlers: LinkHandlers) => Link;
  readonly onEvent: (event: CorrespondenceEvent) => void;
  /** What has no answer after this is sent again; by default 2 minutes. */
  readonly retryMs?: number;
  /** How long a broker that is away is waited for, at a time; by default for ever. */
  readonly patienceMs?: number;
}

export class Correspondence {
  readonly #parts: CorrespondenceParts;
  readonly #inbox: Inbox;
  readonly #closing = new AbortController();
  readonly #link: Link;
  /** Aborted when it is to end: by its owner, or by `close`. */
  readonly ending: AbortSignal;
  readonly retryMs: number;
  /** One SDC at a time, in the order of arrival. */
  #taking: Promise<void> = Promise.resolve();
  /** Resolved, and renewed, at each change of the link. */
  #linkChange = Promise.withResolvers<void>();
  #taken = Promise.withResolvers<void>();

  /** Connects at once; `ending` interrupts whatever waits. Call `close` in the end. */
  constructor(parts: CorrespondenceParts, ending: AbortSignal) {
    this.#parts = parts;
    this.ending = AbortSignal.any([ending, this.#closing.signal]);
    this.retryMs = parts.retryMs ?? usualRetryMs;
    this.#inbox = new Inbox(parts.opener, parts.servers, parts.store, parts.clock);
    this.#link = parts.connect({
      onDelivery: delivery => this.#deliver(delivery),
      onStatus: status => this.#linkChanged(status),
    });
  }

  /** Resolves when the next SDC has come in and is taken. */
  get taken(): Promise<void> {
    return this.#taken.promise;
  }

  /** Resolves when connected, or when interrupted. Rejects, after `patienceMs`, with why there is no connection. */
  async connected(): Promise<void> {
    const { patienceMs } = this.#parts;
    const since = performance.now();
    while (this.#link.status.state !== 'connected' && !this.ending.aborted) {
      const left = patienceMs === undefined ? undefined : since + patienceMs - performance.now();
      if (left !== undefined && left <= 0) {
        const { code, params } = this.#link.status.reason ?? { code: 'link-closed', params: {} };
        throw new XmError(code, params);
      }
      await pause(left, this.ending, this.#linkChange.promise);
    }
  }

  /** Questions are sent as they are asked, by whichever process, until the end. */
  async answerQuestions(): Promise<void> {
    let change = Promise.withResolvers<void>();
    const listening = await this.#parts.store.listen(() => {
      change.resolve();
      change = Promise.withResolvers<void>();
    });
    try {
      while (!this.ending.aborted) {
        const { promise } = change;
        await this.#sendQuestions();
        await pause(this.retryMs, this.ending, promise);
      }
    } finally {
      await listening.close();
    }
  }

  /** Records that were never sent, or wait too long for their receipt. */
  async sendAgain(): Promise<void> {
    const { clock, store } = this.#parts;
    const sentBefore = clock.now() - this.retryMs;
    while (!this.ending.aborted) {
      const kept = await store.waiting({ limit: readLimit, sentBefore, now: clock.now() });
      if (kept.length === 0) return;
      await this.send(kept);
    }
  }

  /** Publishes these, waiting out every loss of the link; marks each as sent when the broker has it. */
  async send(kept: readonly KeptSdc[]): Promise<void> {
    const { store, clock, onEvent } = this.#parts;
    await this.#publish(kept, async sent => {
      await store.markSent(idsOf(sent), clock.now());
      for (const one of sent) onEvent({ kind: 'sent', kept: one });
    });
  }

  /** The link is closed; what was kept and not sent is taken up by the next. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#link.close();
    await this.#taking;
  }

  async #sendQuestions(): Promise<void> {
    const { store, clock, onEvent } = this.#parts;
    while (!this.ending.aborted) {
      const asked = await store.waitingAsked({ limit: readLimit, retryMs: this.retryMs, now: clock.now() });
      if (asked.length === 0) return;
      await this.#publish(asked, async sent => {
        await store.markAskedSent(idsOf(sent), clock.now());
        for (const one of sent) onEvent({ kind: 'asked', asked: one });
      });
    }
  }

  async #publish<T extends { readonly sdc: Uint8Array }>(
    all: readonly T[],
    onSent: (sent: readonly T[]) => Promise<void>,
  ): Promise<void> {
    const topic = topics.up(this.#parts.matricule);
    const underWay = new Set<Promise<void>>();
    let [bytes, next, isCut] = [0, 0, false];
    let fault: unknown;
    const publish = async (one: T) => {
      bytes += one.sdc.length;
      try {
        await this.#link.publish(topic, one.sdc);
        await onSent([one]);
      } catch (error) {
        isCut = true;
        if (!isLinkClosed(error)) fault ??= error;
      } finally {
        bytes -= one.sdc.length;
      }
    };
    // What a lost link cuts off stays "never sent" in the database, and is taken up by the next round.
    while (next < all.length && !isCut && !this.ending.aborted) {
      const one = all[next] as T;
      const hasRoom = underWay.size < windowLimits.messages && bytes + one.sdc.length <= windowLimits.bytes;
      if (!hasRoom && underWay.size > 0) {
        await Promise.race(underWay);
        continue;
      }
      await this.connected();
      next++;
      const publishing: Promise<void> = publish(one).finally(() => underWay.delete(publishing));
      underWay.add(publishing);
    }
    await Promise.all(underWay);
    if (fault !== undefined) throw fault;
  }

  #linkChanged(status: LinkStatus): void {
    this.#linkChange.resolve();
    this.#linkChange = Promise.withResolvers<void>();
    this.#parts.onEvent({ kind: 'link', status });
  }

  #deliver(delivery: Delivery): Promise<void> {
    this.#taking = this.#taking.then(() => this.#take(delivery));
    return this.#taking;
  }

  /** Acknowledged once the rows are changed; while the database does not answer, the broker keeps what comes. */
  async #take(delivery: Delivery): Promise<void> {
    const patience = new Patience();
    while (!this.ending.aborted) {
      try {
        const taken = await this.#inbox.take(delivery.payload);
        delivery.acknowledge();
        for (const event of eventsOf(taken)) this.#parts.onEvent(event);
        this.#taken.resolve();
        this.#taken = Promise.withResolvers<void>();
        return;
      } catch (error) {
        // Not passed over: acknowledgements go in order, and those of all that comes later would wait for this one's.
        this.#parts.onEvent({ kind: 'ignored', why: faultText(error) });
        await patience.pause(this.ending);
      }
    }
  }
}

function eventsOf(taken: Awaited<ReturnType<Inbox['take']>>): CorrespondenceEvent[] {
  switch (taken.kind) {
    case 'receipts':
      return [
        ...taken.receipts.map(receipt => ({ kind: 'receipt', receipt }) as const),
        { kind: 'settled', records: taken.settled },
      ];
    case 'message':
      return [{ kind: 'received', message: taken.message }];
    case 'ignored':
      return [taken];
  }
}

function idsOf(sent: readonly { readonly messageId: Uint8Array }[]): Uint8Array[] {
  return sent.map(({ messageId }) => messageId);
}

function isLinkClosed(error: unknown): boolean {
  return error instanceof XmError && error.code === 'link-closed';
}
