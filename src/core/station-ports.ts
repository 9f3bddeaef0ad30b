/** What the station's rules need from its own database (ECRData or DocstreamData). */
import type { MessageId, Receipt } from './message.ts';
import type { Reason } from './ports.ts';
import type { FormRecord, FormTable } from './record.ts';

export interface CollectedRecord {
  readonly numero: bigint;
  readonly record: FormRecord;
}

/** An SDC that the station keeps until the signed receipt: a repeat is the same bytes. */
export interface KeptSdc {
  readonly messageId: MessageId;
  readonly table: string;
  readonly numero: bigint;
  readonly sdc: Uint8Array;
  /** SHA-256 of the payload: what the receipt must name. */
  readonly digest: Uint8Array;
}

export interface TableSummary {
  readonly table: string;
  /** Number of rows for each Status 0 to 4. */
  readonly byStatus: readonly [number, number, number, number, number];
}

export interface RefusedRecord {
  readonly table: string;
  readonly numero: bigint;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reason?: Reason;
}

export interface StationStore {
  tables(): Promise<ReadonlyMap<string, FormTable>>;
  /**
   * Takes up to `limit` rows of the table whose Status is `status`, by Numero, locked; stores what `seal` makes of
   * them and sets their Status to 3, all in one transaction. Returns what was stored; none: nothing is left.
   */
  collect(
    table: FormTable,
    status: number,
    limit: number,
    seal: (records: readonly CollectedRecord[]) => Promise<readonly KeptSdc[]>,
  ): Promise<readonly KeptSdc[]>;
  /**
   * SDCs without a receipt, oldest first, that were never sent or last sent before `sentBefore` (milliseconds since
   * 1970); or after `now`, by a clock that has been set back since.
   */
  waiting(options: {
    readonly limit: number;
    readonly sentBefore: number;
    readonly now: number;
  }): Promise<KeptSdc[]>;
  /** Makes the SDCs that a receipt has refused wait again, as if never sent; returns their number. */
  reopenRefused(): Promise<number>;
  /** Counts an attempt; the broker's PUBACK proves no more than that. */
  markSent(ids: readonly MessageId[], at: number): Promise<void>;
  /**
   * Applies receipts once: filed → row Status 4 with the server's Numero and the signed receipt kept; refused → the
   * row stays at 3 and keeps the reason. Receipts about messages that are not ours, or filed already, change nothing.
   * A filed receipt must match `digestOf` (checked by the caller). Returns how many rows changed either way.
   */
  applyReceipts(
    receipts: readonly Receipt[],
    signed: Uint8Array,
    at: number,
  ): Promise<{ readonly filed: number; readonly refused: number }>;
  /** The digests of kept SDCs, in the order asked; undefined for an id that is not ours. */
  digests(ids: readonly MessageId[]): Promise<(Uint8Array | undefined)[]>;
  /** The message id of the kept SDC whose bytes have this SHA-256 prefix (8 bytes); undefined: not ours. */
  messageIdOf(sdcHash: Uint8Array): Promise<MessageId | undefined>;
  /** SDCs without a receipt. */
  countWaiting(): Promise<number>;
  summary(): Promise<{
    readonly tables: readonly TableSummary[];
    readonly waiting: number;
    readonly refused: readonly RefusedRecord[];
  }>;
}
