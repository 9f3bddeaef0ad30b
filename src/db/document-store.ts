/** XMServerData: the documents, and what stands beside them in schema xms. */
import type { MonitorEvent } from '../core/engine-status.ts';
import type {
  Arrival,
  ArrivalOutcome,
  Charge,
  DocumentStore,
  DueReceipt,
  SealedAnswer,
} from '../core/ports.ts';
import type { Post } from '../core/service-ports.ts';
import { sealDue } from './data/due.ts';
import { fileBatch } from './data/filing.ts';
import { postLetters, repeatLetters } from './data/letter.ts';
import { readCounts, readRecentEvents } from './data/monitor.ts';
import { freeOutbox, markSent, releaseOutbox, takeOutbox } from './data/outbox.ts';
import { purge, type Retention } from './data/purge.ts';
import { answerRequest, takeRequests } from './data/request.ts';
import { markBilled, readUnbilled } from './data/unbilled.ts';
import type { Database } from './database.ts';
import { readFormTables } from './form-tables.ts';

export class PostgresDocumentStore implements DocumentStore, Post {
  readonly #database: Database;

  readonly #retention: (() => Promise<Retention>) | undefined;

  /** `retention`: asked at each purge; undefined: `purge` removes nothing. */
  constructor(database: Database, retention?: () => Promise<Retention>) {
    this.#database = database;
    this.#retention = retention;
  }

  tables() {
    return readFormTables(this.#database);
  }

  file(arrivals: readonly Arrival[]): Promise<ArrivalOutcome[]> {
    return this.#database.transaction(connection => fileBatch(connection, arrivals));
  }

  sealDue(
    limit: number,
    work: (due: readonly DueReceipt[]) => Promise<readonly SealedAnswer[]>,
    leaseMs?: number,
  ) {
    return sealDue(this.#database, limit, work, leaseMs);
  }

  takeOutbox(limit: number, leaseMs: number) {
    return takeOutbox(this.#database, limit, leaseMs);
  }

  freeOutbox(): Promise<void> {
    return freeOutbox(this.#database);
  }

  markSent(ids: readonly bigint[]): Promise<void> {
    return markSent(this.#database, ids);
  }

  releaseOutbox(ids: readonly bigint[]): Promise<void> {
    return releaseOutbox(this.#database, ids);
  }

  takeRequests(limit: number, leaseMs: number) {
    return takeRequests(this.#database, limit, leaseMs);
  }

  answerRequest(
    client: number,
    messageId: Uint8Array,
    answers: readonly { readonly sdc: Uint8Array }[],
    charge?: { readonly records: number; readonly bytes: number },
    signedAt?: number,
  ): Promise<void> {
    return answerRequest(this.#database, client, messageId, answers, charge, signedAt);
  }

  post(letters: Parameters<Post['post']>[0]): Promise<void> {
    return postLetters(this.#database, letters);
  }

  repeat(limit: number): Promise<number> {
    return repeatLetters(this.#database, limit);
  }

  unbilled(limit: number): Promise<Charge[]> {
    return readUnbilled(this.#database, limit);
  }

  markBilled(charges: readonly Charge[]): Promise<void> {
    return markBilled(this.#database, charges);
  }

  async purge(): Promise<boolean> {
    return this.#retention ? purge(this.#database, await this.#retention()) : false;
  }

  counts() {
    return readCounts(this.#database);
  }

  recentEvents(limit: number): Promise<MonitorEvent[]> {
    return readRecentEvents(this.#database, limit);
  }
}
