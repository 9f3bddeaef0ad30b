/** What T2D needs of XMServerData beside the outbox itself. */
import type { OutboxEntry } from './ports.ts';

/** Whose messages go into files. */
export interface Scope {
  /** Undefined: all clients. */
  readonly client?: number;
  /** Only of those who brought files themselves: the others are reached by the broker. */
  readonly carriedOnly: boolean;
}

export interface CarriedStore {
  /** These clients bring files: what is sent to them from now on, by whichever way, is to go into files, too. */
  carry(clients: readonly number[]): Promise<void>;
  /** As `takeOutbox` of the document store, in the scope. */
  take(scope: Scope, limit: number, leaseMs: number): Promise<OutboxEntry[]>;
  /** How many there are to take. */
  countFree(scope: Scope): Promise<number>;
  /** Outbox entries sent, since the last export, to clients of the scope who bring files; and a mark of now. */
  sentSince(scope: Scope): Promise<{ readonly upTo: bigint; readonly ids: readonly bigint[] }>;
  /** Those that were not purged. */
  read(ids: readonly bigint[]): Promise<OutboxEntry[]>;
  /** Everything up to the mark is in files. */
  exported(scope: Scope, upTo: bigint): Promise<void>;
}
