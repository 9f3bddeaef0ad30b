/** What the screens need from outside; cli gives it. */
import type { Administration, BrokerTerms, OperatorEntry } from './administration/ports.ts';
import type { BrokerTest, Result } from './broker-test.ts';
import type { DatabaseAccess, DatabaseServer } from './database-server.ts';
import type { EngineStatus, MonitorEvent } from './engine-status.ts';
import type { ErrorCode } from './errors.ts';
import type { Language } from './language.ts';
import type { LicenceStore } from './licence.ts';
import type { MessageId, NoticeMessage, Service } from './message.ts';
import type { AccountStore } from './money/ports.ts';
import type { Operator } from './operator.ts';
import type { Keyed, Page, PageRequest } from './page.ts';
import type { ArrivalOutcome, Reason } from './ports.ts';
import type { Exporting, ImportEvent } from './t2d-run.ts';

/** A step of bringing the installation up, in the order they are first reported. */
export interface StartStep {
  readonly id: 'postgres' | 'databases' | 'broker' | 'authority' | 'trial';
  readonly state: 'running' | 'done';
  /** Finer progress, already worded by numbers only: `12 / 40`. */
  readonly progress?: string;
}

export interface EngineView {
  /** The engine's last status; undefined: none runs. */
  readonly status: EngineStatus | undefined;
  /** Called on every change, of `databaseLost` and `unreadMessages`, too; returns how to stop listening. */
  subscribe(listener: () => void): () => void;
  /** Starts an engine as a process of its own; resolves when it reports. */
  launch(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  cycle(): Promise<void>;
  /** "MQTT Subscribe": subscribes anew, at the broker that is selected now. */
  subscribeAnew(): Promise<void>;
  /** The newest events of the journal of messages, oldest first, for a Monitor that has just opened. */
  recentEvents(limit: number): Promise<MonitorEvent[]>;
}

/** A message that came in, in the journal of messages. Its key is its id. */
export interface MessageRow extends Keyed {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly client?: number;
  readonly clientName?: string;
  readonly service?: Service;
  readonly table?: string;
  readonly outcome: ArrivalOutcome['kind'];
  readonly numero?: number;
  /** What a message of one record did to a record that was there. */
  readonly act?: 'changed' | 'cancelled';
  readonly reason?: Reason;
  /** Of a message with several records. */
  readonly filed?: number;
  readonly refused?: number;
  /** Bytes of the SDC. */
  readonly size: number;
}

export interface MessageDetail extends MessageRow {
  /** How many of its records were changed or cancelled by it; absent: none. */
  readonly acts?: { readonly changed: number; readonly cancelled: number };
  readonly topic: string;
  /** It was tried again, as a message of its own. */
  readonly isRetried: boolean;
  /** Column and value of what it holds, as far as it opens. */
  readonly content: readonly (readonly [name: string, value: string])[];
  /** RFC 7468: the SDC where it was refused, the SignedData of what was filed; absent: purged. */
  readonly text?: string;
}

export interface MessagesView {
  /** Sorted by id; the search: a matricule, words of the outcome, or what stands as its contents: a table, or a service without one. */
  page(request: PageRequest): Promise<Page<MessageRow>>;
  /** Rejects with `message-unknown`. */
  find(id: number): Promise<MessageDetail>;
  /** Rejects with `read-only`, `privilege-needed`, and with `message-filed` where there is nothing to try again. */
  retry(id: number): Promise<ArrivalOutcome>;
}

/** An SDC that was sealed for a client. Its key is its number. */
export interface SentRow extends Keyed {
  readonly id: number;
  readonly client: number;
  readonly clientName?: string;
  /** `other`: nothing that is kept tells. */
  readonly kind: 'receipts' | 'answer' | 'message' | 'notice' | 'other';
  /** Receipts inside. */
  readonly count: number;
  /** Of an answer: what was asked. */
  readonly service?: Service;
  /** Bytes of the SDC. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** How often it was sent, and when last. */
  readonly times: number;
  readonly sentAt?: number;
  /** It waits to be sent, or to be sent again. */
  readonly waits: boolean;
}

/** A message that an SDC answers: what of it is filed, or what it asked. */
export interface AnsweredMessage {
  readonly messageId: MessageId;
  readonly service?: Service;
  /** When a question came in, milliseconds since 1970. */
  readonly askedAt?: number;
  readonly records: readonly {
    readonly table: string;
    /** The client's Numero, and ours. */
    readonly numeroThere: number;
    readonly numero: number;
    readonly act: 'filed' | 'changed' | 'cancelled';
  }[];
}

/** Sealed to the key of the client, it cannot be opened here: what is known of it otherwise. */
export interface SentDetail extends SentRow {
  /** The messages of which something was filed, and the questions; the oldest first. */
  readonly about: readonly AnsweredMessage[];
  /** What an operator wrote. */
  readonly written?: { readonly subject: string; readonly text: string };
  readonly notice?: Pick<NoticeMessage, 'kind' | 'amount' | 'balance'>;
  /** RFC 7468. */
  readonly text: string;
}

/** `queued`: it waits now. `waiting`: it did already. `sent`: it was sent since it was looked at. */
export type SentAgain = 'queued' | 'waiting' | 'sent';

export interface SentView {
  /** Sorted by id; the search: a matricule, the word for what waits, or words of a client. Rejects with `search-wide`. */
  page(request: PageRequest): Promise<Page<SentRow>>;
  /** Rejects with `sent-unknown`. */
  find(id: number): Promise<SentDetail>;
  /**
   * The same bytes once more. `times`: how often it had been sent when the operator saw it: asking twice sends it once.
   * Rejects with `read-only`, `privilege-needed`, `sent-unknown`.
   */
  sendAgain(id: number, times: number): Promise<SentAgain>;
}

/** A certificate of a client, as far as operators ask for it. */
export interface HeldCertificate {
  /** Key id, hexadecimal. */
  readonly key: string;
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly revokedAt?: number;
}

/** A certificate as it is listed. Its key is its key id, hexadecimal. */
export interface CertificateRow extends Keyed {
  readonly role: 'server' | 'station' | 'operator' | 'signatory';
  readonly client?: number;
  readonly holder: string;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
  readonly state: 'valid' | 'future' | 'ended' | 'revoked';
}

export interface CertificateDetail extends CertificateRow {
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: number;
  /** Of the DER certificate, hexadecimal. */
  readonly sha256: string;
  /** Of the public key, as two persons compare it. */
  readonly fingerprint: string;
  readonly revokedAt?: number;
  readonly revocationReason?: string;
}

/** A request that waits until somebody has compared its fingerprint with the client. Its key is its number. */
export interface CertificateRequestRow extends Keyed {
  readonly id: number;
  readonly client: number;
  readonly clientName: string;
  readonly receivedAt: number;
  readonly fingerprint: string;
}

export interface SecurityOverview {
  /** The newest root of our authority; absent where this machine has none. */
  readonly authority?: { readonly holder: string; readonly notAfter: number };
  /** Certificates without a successor that end soon, and the first of their ends. */
  readonly ending?: { readonly count: number; readonly firstAt: number };
  /** Requests that wait. */
  readonly waiting: number;
}

/** Why a certificate is withdrawn, as an operator may say it (RFC 5280 §5.3.1). */
export const revocationChoices = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
] as const;
export type RevocationChoice = (typeof revocationChoices)[number];

/** Whose certificate it is to be. */
export type CertificateOwner =
  | { readonly role: 'server' }
  | { readonly role: 'station'; readonly client: number }
  | { readonly role: 'operator'; readonly userName: string }
  | { readonly role: 'signatory'; readonly id: number };

/** What a file holds, read and found good: shown before it is entered. */
export interface Intake<Content> {
  readonly content: Content;
  /** Once: may be called again after it has failed. Rejects with what has changed meanwhile, too. */
  readonly enter: () => Promise<void>;
}

export interface CertificateToRegister extends CertificateDetail {
  /** As the screens name him; absent: the server. */
  readonly owner?: string;
  /** `EC P-256`, `RSA 2048`. */
  readonly keyKind: string;
  /** There is a private key in the file. */
  readonly hasPrivateKey: boolean;
}

export interface CertificateToIssue {
  readonly owner: string;
  /** The holder as the request calls itself. */
  readonly asked: string;
  /** The holder as the certificate will. */
  readonly holder: string;
  readonly keyKind: string;
  /** Key id, hexadecimal. */
  readonly key: string;
  /** Of the public key, as two persons compare it. */
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
  /** The file that it will be written to, as it was typed. */
  readonly out: string;
}

/** An authority from outside. Its key is its SHA-256. */
export interface AuthorityRow extends Keyed {
  readonly holder: string;
  readonly issuer: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** False: it stands between, and is believed only under one that is trusted. */
  readonly anchor: boolean;
}

export interface OutsideListContent {
  readonly issuer: string;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** How many it names, and those of them that are registered here. */
  readonly named: number;
  readonly here: readonly string[];
}

/** What may come from an outside authority. */
export type OutsideContent =
  | { readonly kind: 'authorities'; readonly authorities: readonly AuthorityRow[] }
  | { readonly kind: 'list'; readonly list: OutsideListContent };

export interface PublishedList {
  readonly number: number;
  readonly revoked: number;
  readonly nextUpdate: number;
  readonly file: string;
}

/** "Fichier / Sécurité". Each act throws `privilege-needed`, and `read-only`. Files are paths as they were typed. */
export interface SecurityView {
  overview(): Promise<SecurityOverview>;
  /** By their end. `all`: those that have ended or were revoked, too. Searched for: a matricule, or words of the holder. */
  certificates(request: PageRequest, all: boolean): Promise<Page<CertificateRow>>;
  /** Rejects with `certificate-unknown`. */
  certificate(key: string): Promise<CertificateDetail>;
  /** The oldest first. Searched for: a matricule, or the beginning of a name. */
  requests(request: PageRequest): Promise<Page<CertificateRequestRow>>;
  /** Rejects with `request-unknown`, `fingerprint-different`. */
  accept(id: number, fingerprint: string): Promise<void>;
  /** Rejects with `request-unknown`. */
  refuse(id: number, reason: string): Promise<void>;
  /** Makes a new revocation list, too. Rejects with `certificate-unknown`. */
  revoke(key: string, reason: RevocationChoice): Promise<void>;
  /** Reads a certificate from a file. Rejects with `file-…`, and all that keeps it from being registered. */
  registration(
    file: string,
    passphrase: string,
    owner: CertificateOwner,
  ): Promise<Intake<CertificateToRegister>>;
  /** Rejects where our authority cannot sign here: `authority-missing`, `authority-key-missing`, `key-passphrase`. */
  demandAuthority(): Promise<void>;
  /** Reads a request from a file; the certificate is written to the file `out`. */
  issuance(order: {
    readonly file: string;
    readonly out: string;
    readonly owner: Exclude<CertificateOwner, { readonly role: 'server' }>;
    readonly years: number;
  }): Promise<Intake<CertificateToIssue>>;
  /** In the order in which they came. */
  authorities(): Promise<readonly AuthorityRow[]>;
  /** Reads authorities from outside, or the revocation list of one that is trusted. */
  outside(file: string): Promise<Intake<OutsideContent>>;
  /** Rejects with `certificate-unknown`. */
  distrust(sha256: string): Promise<void>;
  /** A further generation; resolves with its key id. */
  renewServerKey(kind: 'ec' | 'rsa', years: number): Promise<string>;
  /** New lists of our authority, the newest root's first; all in one PEM file, too, where one is given. */
  publishLists(days: number, file: string): Promise<readonly PublishedList[]>;
}

/** The folder that engines of this machine watch, where the setting `t2dWatch` is on. */
export interface WatchedFolder {
  readonly isOn: boolean;
  readonly folder: string;
  /** SDCs that wait to be filed, and those that wait to be taken away. */
  readonly incoming: number;
  readonly outgoing: number;
}

/** "Transmissions / T2D": SDCs as files. */
export interface T2dView {
  /** Paths of folders to choose from, the likeliest first: media that are plugged in, the operator's own folder. */
  folders(): Promise<readonly string[]>;
  watched(): Promise<WatchedFolder>;
  /**
   * `path`: a folder, or a file. `onTrouble`: the database is away, and the run waits for it; undefined: it is back.
   * `ending` stops it: what is done stays done, the rest where it is. Rejects with `device-…`, `read-only`,
   * `privilege-needed`; where it was stopped in the middle, with the signal's reason.
   */
  import(
    path: string,
    watcher: {
      readonly onEvent: (event: ImportEvent) => void;
      readonly onTrouble: (error: unknown) => void;
    },
    ending: AbortSignal,
  ): Promise<void>;
  /**
   * `client`: undefined for all. `onFiles`: told first with none of none, once the folder can be had. `onLog`: who cannot be
   * answered, and why, as logs have it. Rejects as `import` does.
   */
  export(
    folder: string,
    client: number | undefined,
    watcher: { readonly onFiles: (progress: Exporting) => void; readonly onLog: (line: string) => void },
    ending: AbortSignal,
  ): Promise<void>;
}

/** A broker as it is to be kept. */
export interface BrokerTrial extends BrokerTerms {
  readonly url: string;
}

/** Brokers as seen from this machine. */
export interface BrokersView {
  /** What config.json of this machine has of its own, which goes before what the database says: `ca`, `key`. */
  readonly ownSettings: readonly string[];
  /** The certificates of a file, as PEM. Throws `file-unreadable`, `certificate-invalid`, `broker-certificate-ended`. */
  certificates(file: string): Promise<string>;
  /**
   * The name of this certificate's key in secrets/, where it is copied to from elsewhere. Throws `file-unreadable`,
   * `key-invalid`, `key-passphrase`, `broker-key-other`, `broker-key-name`, `file-exists`.
   */
  keepKey(file: string, certificate: string): Promise<string>;
  /**
   * Speaks to it, without an account; resolves with why that could not be tried. Rejects with `broker-version`,
   * `broker-authority`, `broker-untrusted`, `broker-client-certificate`.
   */
  tried(broker: BrokerTrial): Promise<Reason | undefined>;
}

export interface Installation {
  readonly serverName: string;
  /** Trial data: the hint on the login screen, and the warning. */
  readonly trial: boolean;
  /** The console started PostgreSQL and the broker itself: leaving asks whether they go on. */
  readonly embedded: boolean;
  /** Every act that changes something rejects with `read-only`. */
  readonly readOnly: boolean;
  readonly version: string;
  readonly dataFolder: string;
  /** Where PostgreSQL is: `db1:5432`. */
  readonly database: string;
  /** SHA-256 of the certificate that signs: `AB:CD:…`. */
  readonly serverCertificate: string;
  /** There was none when the installation was opened: the first one is still to be created. */
  readonly lacksOperator: boolean;
  login(userName: string, password: string): Promise<Operator>;
  /** A Superviseur, who is logged in then. Rejects with `operator-exists`, and what name and password reject with. */
  createFirstOperator(entry: Pick<OperatorEntry, 'userName' | 'name'>, password: string): Promise<Operator>;
  readonly engine: EngineView;
  readonly messages: MessagesView;
  readonly sent: SentView;
  readonly administration: Administration;
  readonly accounts: AccountStore;
  readonly licence: LicenceStore;
  /** Keeps a copy of what the screen shows; resolves with the path of the file. */
  keepCapture(text: string): Promise<string>;
  /** At most 100, those that end last first. Throws `privilege-needed`. */
  certificatesOf(client: number): Promise<HeldCertificate[]>;
  /** Writes a text of that name, in place of one from before; returns its path. Throws `data-folder`. */
  keepPaper(name: string, lines: readonly string[]): Promise<string>;
  readonly security: SecurityView;
  readonly t2d: T2dView;
  readonly brokers: BrokersView;
  /** Tests the broker that is selected, result by result; an abort ends it at once, with what is known. */
  testBroker(onResult: (result: Result) => void, signal: AbortSignal): Promise<BrokerTest>;
  /** The language of consoles that are opened on this machine; undefined: that of the environment. */
  readonly language: Language | undefined;
  keepLanguage(language: Language): void;
  /** Why the connection to PostgreSQL is lost; undefined: connected. */
  readonly databaseLost: ErrorCode | undefined;
  /** Messages of clients that nobody has read; the engine's subscribers are told of it, too. */
  readonly unreadMessages: number;
}

/** A step of stopping what runs embedded, as far as it runs. */
export interface StopStep {
  readonly id: 'engine' | 'station' | 'broker' | 'postgres';
  readonly state: 'running' | 'done';
}

/** What the form of "Connexion" begins with. */
export interface KnownConnection {
  /** Undefined: none is kept yet. */
  readonly server: DatabaseServer | undefined;
  /** A password is kept. */
  readonly hasPassword: boolean;
}

export interface ConsolePorts {
  /** Undefined where PostgreSQL is not to be asked for: the embedded one, or nothing may be changed here. */
  connection(): Promise<KnownConnection | undefined>;
  /**
   * Tries it, creates and upgrades the databases, and keeps it; rejects with an XmError, and then nothing has changed.
   * A `start` must follow.
   */
  connect(access: DatabaseAccess, report: (step: StartStep) => void): Promise<void>;
  /** Brings the installation up; rejects with an XmError that the screen shows. Can be called again. */
  start(report: (step: StartStep) => void): Promise<Installation>;
  /**
   * Leaves; `stopServices` also ends engine, station, broker and PostgreSQL that run embedded. May be called before
   * `start` has settled. After a rejection the console goes on, and it can be called again.
   */
  quit(stopServices: boolean, report: (step: StopStep) => void): Promise<void>;
}
