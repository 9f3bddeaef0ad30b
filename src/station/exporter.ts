/**
 * Export (guide §6.2): rows with Status 2 are sealed and marked 3 in one transaction, published, and marked 4 when the
 * signed receipt has come. The SDC is kept until then; what has no receipt after a while is sent again, the same bytes.
 */
import { randomBytes } from 'node:crypto';
import { Patience } from '../core/engine/patience.ts';
import { faultText, XmError } from '../core/errors.ts';
import { type ExportMessage, type Receipt, topics } from '../core/message.ts';
import { pause } from '../core/pause.ts';
import type {
  Clock,
  Delivery,
  Link,
  LinkHandlers,
  LinkStatus,
  Opener,
  PublicKeyRef,
  Sealer,
} from '../core/ports.ts';
import { type FormTable, RecordStatus } from '../core/record.ts';
import type { CollectedRecord, KeptSdc, StationStore } from '../core/station-ports.ts';
import { Receipts } from './receipts.ts';

const batchLimit = 50;
/** Published and not answered by the broker yet. */
const windowLimit = 20;
/** No receipt after this: sent again. The round trip of a satellite link, a cycle of the server, and room for both. */
const usualRetryMs = 120_000;

export type ExportEvent =
  | { readonly kind: 'link'; readonly status: LinkStatus }
  | { readonly kind: 'sent'; readonly kept: KeptSdc }
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'ignored'; readonly why: string };

export interface ExporterParts {
  readonly clock: Clock;
  readonly matricule: number;
  /** Whom records are sealed to: the newest of the server's keys. */
  readonly server: PublicKeyRef;
  /** The ones before it, whose signatures still count. */
  readonly formerServers?: readonly PublicKeyRef[];
  readonly store: StationStore;
  readonly sealer: Sealer;
  readonly opener: Opener;
  readonly connect: (handlers: LinkHandlers) => Link;
  readonly onEvent: (event: ExportEvent) => void;
  /** What has no receipt after this is sent again; by default 2 minutes. */
  readonly retryMs?: number;
}

export interface ExportOptions {
  /** Names of the tables; none: all that have rows to export. */
  readonly tables: readonly string[];
  /** The Status of the rows to collect; the guide's value is 2. */
  readonly status?: number;
  /** Sends again what a receipt has refused. */
  readonly refused?: boolean;
  /** Least milliseconds between two messages. */
  readonly paceMs?: number;
}

export class Exporter {
  readonly #parts: ExporterParts;
  readonly #receipts: Receipts;
  readonly #ending: AbortSignal;
  readonly #closing = new AbortController();
  readonly #link: Link;
  readonly #retryMs: number;
  /** Receipts are applied one SDC at a time, in the order of arrival. */
  #applying: Promise<void> = Promise.resolve();
  /** Resolved, and renewed, at each change of the link. */
  #linkChange = Promise.withResolvers<void>();
  #answered = Promise.withResolvers<void>();

  /** Connects at once; `ending` interrupts whatever waits. Call `close` in the end. */
  constructor(parts: ExporterParts, ending: AbortSignal) {
    this.#parts = parts;
    this.#ending = AbortSignal.any([ending, this.#closing.signal]);
    this.#retryMs = parts.retryMs ?? usualRetryMs;
    this.#receipts = new Receipts(
      parts.opener,
      [parts.server, ...(parts.formerServers ?? [])],
      parts.store,
      parts.clock,
    );
    this.#link = parts.connect({
      onDelivery: delivery => this.#deliver(delivery),
      onStatus: status => this.#linkChanged(status),
    });
  }

  /** One round: what waits too long is sent again, then what is new. Rejects with `table-unknown` and database errors. */
  async export(options: ExportOptions): Promise<void> {
    await this.#connection();
    if (options.refused) await this.#parts.store.reopenRefused();
    await this.#sendAgain();
    const known = await this.#parts.store.tables();
    for (const name of options.tables) {
      if (!known.has(name)) throw new XmError('table-unknown', { table: name });
    }
    const names = options.tables.length > 0 ? options.tables : [...known.keys()].sort();
    for (const name of names) await this.#exportTable(known.get(name) as FormTable, options);
  }

  /**
   * Resolves when every SDC has its receipt, or at `deadline` (milliseconds since 1970), or when interrupted; with the
   * number that still wait.
   */
  async settle(deadline: number): Promise<number> {
    while (true) {
      const answered = this.#answered.promise;
      const waiting = await this.#parts.store.countWaiting();
      const left = deadline - this.#parts.clock.now();
      if (waiting === 0 || left <= 0 || this.#ending.aborted) return waiting;
      await pause(Math.min(left, this.#retryMs), this.#ending, answered);
      await this.#sendAgain();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#link.close();
    await this.#applying;
  }

  async #exportTable(table: FormTable, options: ExportOptions): Promise<void> {
    const status = options.status ?? RecordStatus.imported;
    // With a pace, rows are taken one by one: a row at 3 is one that is on its way.
    const limit = options.paceMs ? 1 : batchLimit;
    while (!this.#ending.aborted) {
      const kept = await this.#parts.store.collect(table, status, limit, records =>
        this.#seal(table, records),
      );
      if (kept.length === 0) return;
      await this.#publish(kept);
      if (options.paceMs) await pause(options.paceMs, this.#ending);
    }
  }

  async #seal(table: FormTable, records: readonly CollectedRecord[]): Promise<KeptSdc[]> {
    const { sealer, server, clock } = this.#parts;
    const messages = records.map(
      ({ record }): ExportMessage => ({
        service: 'EXPORT',
        id: randomBytes(8),
        recipient: server.keyId,
        at: Math.floor(clock.now() / 1000),
        table: table.name,
        record,
      }),
    );
    const sealed = await sealer.seal(messages.map(message => ({ message, recipient: server })));
    return sealed.map(({ sdc, digest }, i) => ({
      messageId: (messages[i] as ExportMessage).id,
      table: table.name,
      numero: (records[i] as CollectedRecord).numero,
      sdc,
      digest,
    }));
  }

  /** What was never sent, or waits too long for its receipt. */
  async #sendAgain(): Promise<void> {
    const { clock, store } = this.#parts;
    const sentBefore = clock.now() - this.#retryMs;
    while (!this.#ending.aborted) {
      const kept = await store.waiting({ limit: batchLimit, sentBefore, now: clock.now() });
      if (kept.length === 0) return;
      await this.#publish(kept);
    }
  }

  /** Publishes these, waiting out every loss of the link; marks each as sent when the broker has it. */
  async #publish(kept: readonly KeptSdc[]): Promise<void> {
    const topic = topics.up(this.#parts.matricule);
    for (let i = 0; i < kept.length && !this.#ending.aborted; ) {
      await this.#connection();
      const window = kept.slice(i, i + windowLimit);
      const results = await Promise.allSettled(window.map(({ sdc }) => this.#link.publish(topic, sdc)));
      const sent = window.filter((_, at) => results[at]?.status === 'fulfilled');
      for (const result of results) if (result.status === 'rejected') throwUnlessLinkClosed(result.reason);
      await this.#parts.store.markSent(
        sent.map(({ messageId }) => messageId),
        this.#parts.clock.now(),
      );
      for (const one of sent) this.#parts.onEvent({ kind: 'sent', kept: one });
      // The rest stays "never sent" in the database, and is taken up by the next round.
      if (sent.length < window.length) return;
      i += window.length;
    }
  }

  /** Resolves when connected, or when interrupted. */
  async #connection(): Promise<void> {
    while (this.#link.status.state !== 'connected' && !this.#ending.aborted) {
      await pause(undefined, this.#ending, this.#linkChange.promise);
    }
  }

  #linkChanged(status: LinkStatus): void {
    this.#linkChange.resolve();
    this.#linkChange = Promise.withResolvers<void>();
    this.#parts.onEvent({ kind: 'link', status });
  }

  #deliver(delivery: Delivery): Promise<void> {
    this.#applying = this.#applying.then(() => this.#apply(delivery));
    return this.#applying;
  }

  /** Acknowledged once the rows are changed; while the database does not answer, the broker keeps the receipts. */
  async #apply(delivery: Delivery): Promise<void> {
    const patience = new Patience();
    while (!this.#ending.aborted) {
      try {
        const outcome = await this.#receipts.take(delivery.payload);
        delivery.acknowledge();
        if (outcome.kind === 'ignored') this.#parts.onEvent(outcome);
        else for (const receipt of outcome.receipts) this.#parts.onEvent({ kind: 'receipt', receipt });
        this.#answered.resolve();
        this.#answered = Promise.withResolvers<void>();
        return;
      } catch (error) {
        // Not passed over: acknowledgements go in order, and those of all later receipts would wait for this one's.
        this.#parts.onEvent({ kind: 'ignored', why: faultText(error) });
        await patience.pause(this.#ending);
      }
    }
  }
}

function throwUnlessLinkClosed(error: unknown): void {
  if (!(error instanceof XmError && error.code === 'link-closed')) throw error;
}
