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
  /** It tells that its records are cancelled. */
  readonly cancels?: boolean;
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

/** What a MESSAGE says, which its sender keeps in clear. */
interface Note {
  readonly subject: string;
  readonly text: string;
}

/** What a station notes of its question: the SDC is the server's to open. */
export interface AskedDetails {
  /** Of a MESSAGE. */
  readonly note?: Note;
  /** SHA-256 of what is asked. */
  readonly questionHash?: Uint8Array;
}

export interface SentLetter extends Note {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What the centre's receipt says; undefined: none has come. */
  readonly outcome?: Outcome;
}

export interface ReceivedLetter {
  /** When it came in, milliseconds since 1970. */
  readonly at: number;
  /** The SignedData. */
  readonly signed: Uint8Array;
}

/** How far a question is. */
export interface AskedProgress {
  /** The broker has it. */
  readonly isSent: boolean;
  /** Of an ENROL: the centre has it, and an operator decides. */
  readonly isPending: boolean;
  /** Of the answer, that have come. */
  readonly parts: number;
}

/** What became of records of the centre that came as an answer. */
export interface Landing {
  /** New rows. */
  readonly landed: number;
  /** Rows that an import before had brought otherwise. */
  readonly updated: number;
  /** Here as they came, or this office's own. */
  readonly known: number;
  /** By the centre's Numero: what the table here does not take. */
  readonly faults: readonly { readonly numero: bigint; readonly reason: Reason }[];
}

export interface Validation {
  /** Now at Status 2. */
  readonly frozen: number;
  readonly faults: readonly { readonly numero: bigint; readonly reason: Reason }[];
  /** The greatest Numero that was looked at; undefined: there was none. */
  readonly last?: bigint;
}

export interface TableSummary {
  readonly table: string;
  /** Number of rows for each Status 0 to 4. */
  readonly byStatus: readonly [number, number, number, number, number];
  /** Of those at Status 2: they came from the centre, and are not exported. */
  readonly imported: number;
}

export interface StationSummary {
  readonly tables: readonly TableSummary[];
  /** Records without a receipt. */
  readonly waiting: number;
  readonly refused: readonly RefusedRecord[];
  /** Without an answer, by service; `since`: of the oldest, milliseconds since 1970. */
  readonly questions: readonly {
    readonly service: Request['service'];
    readonly count: number;
    readonly since: number;
  }[];
  /** That the server has sent by itself. */
  readonly messages: number;
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
   * them and sets their Status to 3, all in one transaction. Returns what was stored; none: nothing is left. Status 0:
   * those that the centre has filed and was not told of; they stay at 0.
   */
  collect(
    table: FormTable,
    status: number,
    limit: number,
    seal: (records: readonly CollectedRecord[]) => Promise<readonly KeptSdc[]>,
  ): Promise<readonly KeptSdc[]>;
  /** The rows that `collect` would take, were there no limit. */
  countDue(table: string, status: number): Promise<number>;
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
   * sent; of one that held several, or of which the server has not told why, the refused records are at Status 2 again,
   * to be sealed anew.
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
  keepAsked(asked: AskedSdc, more?: AskedDetails): Promise<void>;
  /** The question of this hash whose answer is awaited, or came in the last hour, and was told to nobody. */
  sameAsked(questionHash: Uint8Array, now: number): Promise<MessageId | undefined>;
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
  progressOf(id: MessageId): Promise<AskedProgress>;
  /** Questions of a service whose answer has not done what it comes for: the oldest first. */
  untaken(service: 'IMPORT' | 'ENROL'): Promise<MessageId[]>;
  /** The answer has been told, or is in its place. */
  markTaken(id: MessageId, at: number): Promise<void>;
  /**
   * Records of the answer to an IMPORT into their table, with Status 2 (0 where the centre has cancelled them): by the
   * centre's Numero each once, in one transaction. Throws `column-unknown`, `column-missing`.
   */
  land(question: MessageId, table: FormTable, records: readonly FormRecord[], at: number): Promise<Landing>;
  /** Rows of Status 1 behind `after` to Status 2, at most `limit`, save those that `faultOf` finds fault with. */
  validate(
    table: FormTable,
    after: bigint,
    limit: number,
    faultOf: (record: FormRecord) => Reason | undefined,
  ): Promise<Validation>;
  /** What the server has sent by itself, the newest first. */
  unasked(limit: number): Promise<readonly ReceivedLetter[]>;
  /** The newest first. */
  sentLetters(limit: number): Promise<readonly SentLetter[]>;
  /** Forgets questions and answers that nobody needs any more. */
  purge(now: number): Promise<void>;
  /** Calls `onChange` after questions were kept or answered, by whichever process, and when that may have been missed. */
  listen(onChange: () => void): Promise<{ close(): Promise<void> }>;
  /** The digests of kept SDCs, in the order asked; undefined for an id that is not ours. */
  digests(ids: readonly MessageId[]): Promise<(Uint8Array | undefined)[]>;
  /** The message id of the kept SDC or question whose bytes have this SHA-256 prefix (8 bytes); undefined: not ours. */
  messageIdOf(sdcHash: Uint8Array): Promise<MessageId | undefined>;
  /** Records without a receipt. */
  countWaiting(): Promise<number>;
  /** SDCs of records without a receipt. */
  countWaitingSdcs(): Promise<number>;
  summary(): Promise<StationSummary>;
}
