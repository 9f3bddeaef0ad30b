/** What the station's rules need from its own database (ECRData or DocstreamData). */
import type { Answer, MessageId, Outcome, Receipt, Request } from './message.ts';
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
  /** Of its records, in their order; they have an entry each until their receipt. */
  readonly numeros: readonly bigint[];
  readonly sdc: Uint8Array;
  /** SHA-256 of the payload: what the receipt must name. */
  readonly digest: Uint8Array;
}

/** A record of which a receipt has told something new. */
export interface SettledRecord {
  readonly table: string;
  readonly numero: bigint;
  readonly outcome: 'filed' | 'refused';
}

/** A question that the station keeps until its answer has come: a repeat is the same bytes. */
export interface AskedSdc {
  readonly messageId: MessageId;
  readonly service: Request['service'];
  readonly sdc: Uint8Array;
}

/** What has come back of a question: signed messages, those of ROWS by part; or what a receipt says of it. */
export type Reply = { readonly signed: readonly Uint8Array[] } | { readonly outcome: Outcome };

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
  /**
   * Makes what a receipt has refused go again; returns the number of records. An SDC of one record waits as if never
   * sent; of one that held several, the refused records are at Status 2 again, to be sealed anew.
   */
  reopenRefused(): Promise<number>;
  /** The same for the records of SDCs refused because this client may not put several in one. */
  renewDenied(): Promise<number>;
  /** Counts an attempt; the broker's PUBACK proves no more than that. */
  markSent(ids: readonly MessageId[], at: number): Promise<void>;
  /**
   * Applies receipts once: filed → row Status 4 with the server's Numero and the signed receipt kept; refused → the
   * row stays at 3 and keeps the reason; a question is answered. Receipts about messages that are not ours, or of
   * another number of records, and what is filed already change nothing. A filed receipt must match `digests` (checked
   * by the caller). Returns the records of which something new was told.
   */
  applyReceipts(
    receipts: readonly Receipt[],
    signed: Uint8Array,
    at: number,
  ): Promise<readonly SettledRecord[]>;
  /** Keeps a question, for whoever has the link to send. */
  keepAsked(asked: AskedSdc): Promise<void>;
  /**
   * Questions without an answer that were never sent; or last sent `retryMs` ago, twice as long after each attempt, up
   * to a day: some are answered by people. After `now`, by a clock that has been set back: at once.
   */
  waitingAsked(options: {
    readonly limit: number;
    readonly retryMs: number;
    readonly now: number;
  }): Promise<AskedSdc[]>;
  markAskedSent(ids: readonly MessageId[], at: number): Promise<void>;
  /**
   * Stores a message of the server; its question is answered when all parts are there. False: it was there before,
   * or answers what was not asked.
   */
  receive(message: Answer, signed: Uint8Array, at: number): Promise<boolean>;
  /** Undefined: not answered yet. */
  replyTo(id: MessageId): Promise<Reply | undefined>;
  /** Calls `onChange` after questions were kept or answered, by whichever process, and when that may have been missed. */
  listen(onChange: () => void): Promise<{ close(): Promise<void> }>;
  /** The digests of kept SDCs, in the order asked; undefined for an id that is not ours. */
  digests(ids: readonly MessageId[]): Promise<(Uint8Array | undefined)[]>;
  /** The message id of the kept SDC or question whose bytes have this SHA-256 prefix (8 bytes); undefined: not ours. */
  messageIdOf(sdcHash: Uint8Array): Promise<MessageId | undefined>;
  /** Records without a receipt. */
  countWaiting(): Promise<number>;
  summary(): Promise<{
    readonly tables: readonly TableSummary[];
    readonly waiting: number;
    readonly refused: readonly RefusedRecord[];
  }>;
}
