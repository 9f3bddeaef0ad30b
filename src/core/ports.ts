/**
 * What the rules need from outside. Core owns these interfaces; sdc, db and mqtt implement them,
 * cli and station wire them together. Every promise may reject with XmError, or with the edge's own
 * error for a passing fault (connection lost), after which the same call can be made again.
 */
import type { Counts, EngineCommand, EngineStatus, LinkState } from './engine-status.ts';
import type { ErrorCode, ErrorParams } from './errors.ts';
import type { KeyId, Message, MessageId, Opened, Outcome, Request, Service } from './message.ts';
import type { FormRecord, FormTable } from './record.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Reason {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
}

// ── SDC ──────────────────────────────────────────────────────────────────────────────────────────

/** A key that messages are sealed to: who it names, and the DER SubjectPublicKeyInfo. */
export interface PublicKeyRef {
  readonly keyId: KeyId;
  readonly spki: Uint8Array;
  /**
   * DER; where it is another authority's, SDCs name its holder as that certificate does. Of a signer all that were
   * registered for the key, one after another.
   */
  readonly certificate?: Uint8Array;
}

export type OpenResult = ({ readonly ok: true } & Opened) | { readonly ok: false; readonly reason: Reason };

/** An SDC that is to be opened. */
export interface Closed {
  readonly sdc: Uint8Array;
  /**
   * Several records may be in it: 65 536 bytes of DER, 1 MiB inflated and 250 records at most. Others have 16 384 bytes,
   * and 65 536 inflated; that one of them holds several records is for the rules to judge.
   */
  readonly isBatch: boolean;
  /** Who is said to have sent it, where that is known: what is remembered of a sender is then found. */
  readonly sender?: number;
}

export interface Opener {
  /**
   * Opens these SDCs, in order, until they have inflated to 4 MiB together: the rest has no result, and is to be opened
   * when these are done with. `signers` is asked for the public keys of those who signed, once for each part that is
   * opened by itself; an id that it does not know is a `sdc-signer-unknown`, save for an ENROL that is signed by the key
   * in its own request: that one is opened as a stranger's. Never rejects because of what a message holds.
   */
  open(
    sdcs: readonly Closed[],
    signers: (ids: readonly KeyId[]) => Promise<readonly PublicKeyRef[]>,
  ): Promise<OpenResult[]>;
}

/** One sealed message. */
export interface Sealed {
  /** DER. */
  readonly sdc: Uint8Array;
  /** SHA-256 of the payload that was signed: what a receipt of it must name. */
  readonly digest: Uint8Array;
}

export interface Sealer {
  /** One SDC per message, in order, signed by our key, encrypted to the recipient's. */
  seal(
    messages: readonly { readonly message: Message; readonly recipient: PublicKeyRef }[],
  ): Promise<Sealed[]>;
}

// ── MQTT ─────────────────────────────────────────────────────────────────────────────────────────

export interface Delivery {
  readonly topic: string;
  readonly payload: Uint8Array;
  /**
   * Sends the PUBACK, in the order of arrival whatever the order of the calls ([MQTT-4.6.0-2]); nothing where the
   * connection that brought the message is gone (the broker delivers it again).
   */
  acknowledge(): void;
}

export interface LinkStatus {
  readonly state: LinkState;
  readonly protocol?: 4 | 5;
  readonly reason?: Reason;
  /** Topic filters as they were granted. */
  readonly subscriptions?: readonly string[];
}

/** A turn that only one process at a time has. */
export interface Turn {
  /** Resolves when the turn is over without a release: what held it is gone. */
  readonly lost: Promise<void>;
  release(): Promise<void>;
}

export interface LinkHandlers {
  /** Called for each QoS 1 message. While a returned promise is pending, no more are read from the socket. */
  onDelivery(delivery: Delivery): Promise<void> | void;
  onStatus(status: LinkStatus): void;
}

export interface Link {
  readonly status: LinkStatus;
  /** Resolves on the broker's PUBACK; rejects with `link-closed` when the connection ends first: then repeat it. */
  publish(topic: string, payload: Uint8Array): Promise<void>;
  /** Milliseconds of one PINGREQ/PINGRESP; rejects with `link-closed`. */
  roundTrip(): Promise<number>;
  /** Subscribes again, where a broker that came back has forgotten; rejects with `link-closed`. */
  resubscribe(): Promise<void>;
  /**
   * Where others share the subscription: leaves the group, so that all that is new goes to them; resolves when what was
   * on its way here has arrived. `close` then ends the session. Elsewhere it does nothing. Rejects where the session
   * has to stay, with what was not acknowledged in time.
   */
  leaveGroup(): Promise<void>;
  /** Unsubscribes, shared or not: the session is not come back to. Resolves and rejects as `leaveGroup`. */
  leaveSession(): Promise<void>;
  /** DISCONNECT; the session stays at the broker and collects what arrives. Pending publishes reject. */
  close(): Promise<void>;
}

// ── PostgreSQL: XMServerSystem ───────────────────────────────────────────────────────────────────

/** What the rules must know of a client to judge a message of his. */
export interface ClientAccess {
  readonly matricule: number;
  readonly name: string;
  /** Client status 0 to 3 (guide §4.1, table 3). */
  readonly status: number;
  /** Where answers to the client are sealed to: the newest valid certificate. */
  readonly recipient: PublicKeyRef;
  /** Tables that the client may write. */
  readonly writes: ReadonlySet<string>;
  /** Several records may be in one SDC. */
  readonly batch: boolean;
  /** Tables that the client may read. */
  readonly reads: ReadonlySet<string>;
  /** The password is still the one that it was created with. */
  readonly hasInitialPassword: boolean;
}

/** A registered certificate of a client. */
export interface Signer extends PublicKeyRef {
  readonly matricule: number;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly revokedAt?: number;
}

export interface Charge {
  readonly client: number;
  readonly messageId: MessageId;
  /** Place of the record in its message; 0 for what is charged as a whole. */
  readonly index: number;
  readonly service: Service;
  /** Acts that are charged: one filed, or as many as an answer carries. */
  readonly records: number;
  /** Bytes of the SDC, or the record's share of them, for tariffs per kilobyte. */
  readonly bytes: number;
}

export interface SystemStore {
  signers(ids: readonly KeyId[]): Promise<Signer[]>;
  clients(matricules: readonly number[]): Promise<ClientAccess[]>;
  /** Called whenever clients, certificates or rights changed: what was read before may be stale. */
  onDirectoryChange(listener: () => void): void;
  /**
   * Writes the movements of these charges at the tariffs in force and moves the balances, in one transaction.
   * A charge whose (client, message id, index) has been written before does nothing.
   */
  charge(charges: readonly Charge[]): Promise<void>;
  /** Registers the engine, or renews its sign of life, with its status; `notify`: tells the consoles too. */
  report(status: EngineStatus, notify: boolean): Promise<void>;
  /** Removes the engine's row: a clean leave. */
  leave(engineId: string): Promise<void>;
  onCommand(engineId: string, listener: (command: EngineCommand) => void): Promise<void>;
  /** Engines, this one aside, that gave a sign of life in the last 30 s. */
  otherEngines(engineId: string): Promise<EngineStatus[]>;
  /** Takes engines, this one aside, that have not: for two minutes each is handed to one caller only. */
  takeDeadEngines(engineId: string): Promise<EngineStatus[]>;
  /** Nothing is left of an engine that was taken: its row goes, unless it has come back to life. */
  buryEngine(engineId: string): Promise<void>;
  /** Something is left of it: it can be taken at once. */
  leaveDead(engineId: string): Promise<void>;
  /** Certificates without a successor that end before `before`; undefined: there is none. */
  endingCertificates(
    before: number,
  ): Promise<{ readonly count: number; readonly firstAt: number } | undefined>;
}

// ── PostgreSQL: XMServerData ─────────────────────────────────────────────────────────────────────

/** A record of a message, judged: to be filed, or refused and why. */
export type JudgedRecord = { readonly record: FormRecord } | { readonly refuse: Reason };

/** One message that came in, judged: to be filed, to be answered, or refused and why. */
export interface Arrival {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The SDC as received. */
  readonly sdc: Uint8Array;
  readonly topic: string;
  /** The signer's client, once known; of a stranger who asks for a certificate, the one that he says he is. */
  readonly client?: number;
  readonly opened?: Opened;
  readonly verdict:
    | {
        readonly file: {
          readonly table: FormTable;
          /** As many as the message has, in its order. */
          readonly records: readonly JudgedRecord[];
        };
      }
    /** A question; it is stored, and answered after the commit. */
    | { readonly ask: Request }
    | { readonly refuse: Reason };
}

export type RecordOutcome =
  | { readonly kind: 'filed'; readonly numero: bigint }
  /** Filed before, with the same contents. */
  | { readonly kind: 'duplicate'; readonly numero: bigint }
  | { readonly kind: 'refused'; readonly reason: Reason };

export type ArrivalOutcome =
  /**
   * `filed`: all records are, and one at least is new. `partly`: some are, others were refused. `duplicate`: all were
   * filed before, and the receipt of then is sent again, byte for byte.
   */
  | {
      readonly kind: 'filed' | 'partly' | 'duplicate';
      /** Of each record, in the order of the message. */
      readonly records: readonly RecordOutcome[];
    }
  /** A question; `repeated`: it was asked before, and what was answered then is sent again, byte for byte. */
  | { readonly kind: 'asked' | 'repeated' }
  | {
      readonly kind: 'refused';
      /** Of the message, or of its first record. */
      readonly reason: Reason;
      /** Of each record; absent where the message was refused as a whole. */
      readonly records?: readonly RecordOutcome[];
    };

/** A receipt that is not sealed yet. */
export interface DueReceipt {
  readonly id: bigint;
  readonly client: number;
  readonly about: MessageId;
  /** With their full reasons: what the peer learns of them is `receiptOf`'s to say. */
  readonly outcomes: readonly Outcome[];
  /** SHA-256 of the payload; absent where nothing was filed. */
  readonly digest?: Uint8Array;
}

export interface SealedAnswer {
  readonly client: number;
  readonly sdc: Uint8Array;
  /** The due receipts that this SDC carries. */
  readonly receipts: readonly bigint[];
}

export interface OutboxEntry {
  readonly id: bigint;
  readonly client: number;
  readonly sdc: Uint8Array;
  /** Receipts inside; 0: another answer. */
  readonly count: number;
}

/** A question that is not answered yet. */
export interface OpenRequest {
  readonly client: number;
  readonly messageId: MessageId;
  readonly service: Request['service'];
  /** When it came in, milliseconds since 1970. */
  readonly at: number;
  /** As received. */
  readonly sdc: Uint8Array;
}

export interface DocumentStore {
  /** Exchangeable tables by name, read from the catalogue. */
  tables(): Promise<ReadonlyMap<string, FormTable>>;
  /**
   * One transaction: attempts (inbox), records, provenance with the signed original, receipts, questions, what is to be
   * billed, the day's counts. A record that the table itself refuses (constraint, range) is refused alone; the others
   * are filed. Of a message that this client has sent before, what was refused is tried again, and a new receipt is
   * due; where nothing was, the receipt of then is queued again, and so are the answers to a question.
   */
  file(arrivals: readonly Arrival[]): Promise<ArrivalOutcome[]>;
  /**
   * Has up to `limit` receipts that are due sealed by `work`, oldest first; nobody else takes them meanwhile, and those
   * that it leaves out wait a minute. Resolves with how many were sealed, and the new outbox entries, taken for
   * `leaseMs`; without it they wait for whoever takes them.
   */
  sealDue(
    limit: number,
    work: (due: readonly DueReceipt[]) => Promise<readonly SealedAnswer[]>,
    leaseMs?: number,
  ): Promise<{ readonly sealed: number; readonly entries: readonly OutboxEntry[] }>;
  /** Takes up to `limit` outbox entries that wait, for `leaseMs`; nobody else takes them meanwhile. */
  takeOutbox(limit: number, leaseMs: number): Promise<OutboxEntry[]>;
  markSent(ids: readonly bigint[]): Promise<void>;
  /** Ends every lease: those who held them are gone. */
  freeOutbox(): Promise<void>;
  /** Gives taken entries back (link lost, engine pausing). */
  releaseOutbox(ids: readonly bigint[]): Promise<void>;
  /**
   * Takes up to `limit` questions that are not answered, one of each client who has none in hand, oldest first; nobody
   * else takes them for `leaseMs`.
   */
  takeRequests(limit: number, leaseMs: number): Promise<OpenRequest[]>;
  /**
   * One transaction: the question is answered, by these SDCs, which wait in the outbox, and is to be billed where
   * `charge` says so. Of a question that is answered already it does nothing. `signedAt`, milliseconds since 1970: it is
   * remembered from then on, where that is later; else it could be asked again by whoever has recorded it.
   */
  answerRequest(
    client: number,
    messageId: MessageId,
    answers: readonly { readonly sdc: Uint8Array }[],
    charge?: { readonly records: number; readonly bytes: number },
    signedAt?: number,
  ): Promise<void>;
  /** Filed or answered, and not billed yet; the same may be returned again until `markBilled`. */
  unbilled(limit: number): Promise<Charge[]>;
  markBilled(charges: readonly Charge[]): Promise<void>;
  /** Removes what the retention rules let go, a few thousand rows at a time; true: there may be more. */
  purge(): Promise<boolean>;
  /** Of the database's own calendar day, and since ever. */
  counts(): Promise<{ readonly today: Counts; readonly total: Counts; readonly waiting: number }>;
}
