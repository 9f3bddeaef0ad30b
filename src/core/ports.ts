/**
 * What the rules need from outside. Core owns these interfaces; sdc, db and mqtt implement them,
 * cli and station wire them together. Every promise may reject with XmError, or with the edge's own
 * error for a passing fault (connection lost), after which the same call can be made again.
 */
import type { Counts, EngineCommand, EngineStatus, LinkState } from './engine-status.ts';
import type { ErrorCode, ErrorParams } from './errors.ts';
import type { KeyId, Message, MessageId, Opened, OutcomeCode, Service } from './message.ts';
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
  /** DER; where it is another authority's, SDCs name its holder as that certificate does. */
  readonly certificate?: Uint8Array;
}

export type OpenResult = ({ readonly ok: true } & Opened) | { readonly ok: false; readonly reason: Reason };

export interface Opener {
  /**
   * Opens a batch, in order. `signers` is asked once per batch for the public keys that `keys` do not hold yet;
   * an id that it does not know is a `sdc-signer-unknown`. Never rejects because of what a message holds.
   */
  open(
    sdcs: readonly Uint8Array[],
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
   * on its way here has arrived. `close` then ends the session. Elsewhere it does nothing.
   */
  leaveGroup(): Promise<void>;
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
  readonly service: Service;
  /** Bytes of the SDC, for tariffs per kilobyte. */
  readonly bytes: number;
}

export interface SystemStore {
  signers(ids: readonly KeyId[]): Promise<Signer[]>;
  clients(matricules: readonly number[]): Promise<ClientAccess[]>;
  /** Called whenever clients, certificates or rights changed: what was read before may be stale. */
  onDirectoryChange(listener: () => void): void;
  /**
   * Writes the movements of these charges at the tariffs in force and moves the balances, in one transaction.
   * A charge whose (client, message id) has been written before does nothing.
   */
  charge(charges: readonly Charge[]): Promise<void>;
  /** Registers the engine, or renews its sign of life, with its status; `notify`: tells the consoles too. */
  report(status: EngineStatus, notify: boolean): Promise<void>;
  /** Removes the engine's row: a clean leave. */
  leave(engineId: string): Promise<void>;
  onCommand(engineId: string, listener: (command: EngineCommand) => void): Promise<void>;
  /** Engines, this one aside, that gave a sign of life in the last 30 s. */
  otherEngines(engineId: string): Promise<EngineStatus[]>;
  /** Takes the rows of engines, this one aside, that have not; each is handed to one caller only. */
  takeDeadEngines(engineId: string): Promise<EngineStatus[]>;
  /** Certificates without a successor that end before `before`; undefined: there is none. */
  endingCertificates(
    before: number,
  ): Promise<{ readonly count: number; readonly firstAt: number } | undefined>;
}

// ── PostgreSQL: XMServerData ─────────────────────────────────────────────────────────────────────

/** One message that came in, judged: to be filed, or refused and why. */
export interface Arrival {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The SDC as received. */
  readonly sdc: Uint8Array;
  readonly topic: string;
  /** The signer's client, once known. */
  readonly client?: number;
  readonly opened?: Opened;
  readonly verdict:
    | { readonly file: { readonly table: FormTable; readonly record: FormRecord } }
    | { readonly refuse: Reason };
}

export type ArrivalOutcome =
  | { readonly kind: 'filed'; readonly numero: bigint }
  /** Filed before: the receipt of then is sent again, byte for byte. */
  | { readonly kind: 'duplicate'; readonly numero: bigint }
  | { readonly kind: 'refused'; readonly reason: Reason };

/** A receipt that is not sealed yet. */
export interface DueReceipt {
  readonly id: bigint;
  readonly client: number;
  readonly about: MessageId;
  readonly outcome: OutcomeCode;
  readonly numero?: bigint;
  readonly reason?: Reason;
  /** SHA-256 of the filed payload. */
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
  /** Receipts inside. */
  readonly count: number;
}

export interface DocumentStore {
  /** Exchangeable tables by name, read from the catalogue. */
  tables(): Promise<ReadonlyMap<string, FormTable>>;
  /**
   * One transaction: attempts (inbox), records, provenance with the signed original, receipts, what is to be
   * billed, the day's counts. A record that the table itself refuses (constraint, range) is refused alone; the others
   * are filed. A message id that this client has filed before is a duplicate, and its receipt is queued again.
   */
  file(arrivals: readonly Arrival[]): Promise<ArrivalOutcome[]>;
  /** Receipts that wait to be sealed, oldest first; locked against other engines until `answer` or the end of `work`. */
  sealDue(
    limit: number,
    work: (due: readonly DueReceipt[]) => Promise<readonly SealedAnswer[]>,
  ): Promise<number>;
  /** Takes up to `limit` outbox entries that wait, for `leaseMs`; nobody else takes them meanwhile. */
  takeOutbox(limit: number, leaseMs: number): Promise<OutboxEntry[]>;
  markSent(ids: readonly bigint[]): Promise<void>;
  /** Gives taken entries back (link lost, engine pausing). */
  releaseOutbox(ids: readonly bigint[]): Promise<void>;
  /** Filed and not billed yet; the same may be returned again until `markBilled`. */
  unbilled(limit: number): Promise<Charge[]>;
  markBilled(charges: readonly Charge[]): Promise<void>;
  /** Removes what the retention rules let go, a few thousand rows at a time; true: there may be more. */
  purge(): Promise<boolean>;
  /** Of the database's own calendar day, and since ever. */
  counts(): Promise<{ readonly today: Counts; readonly total: Counts; readonly waiting: number }>;
}
