/** What the screens need from outside; cli gives it. */
import type { Administration } from './administration/ports.ts';
import type { EngineStatus, MonitorEvent } from './engine-status.ts';
import type { ErrorCode } from './errors.ts';
import type { LicenceStore } from './licence.ts';
import type { Service } from './message.ts';
import type { AccountStore } from './money/ports.ts';
import type { Operator } from './operator.ts';
import type { Keyed, Page, PageRequest } from './page.ts';
import type { ArrivalOutcome, Reason } from './ports.ts';

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
  /** Called on every change, of `databaseLost` too; returns how to stop listening. */
  subscribe(listener: () => void): () => void;
  /** Starts an engine as a process of its own; resolves when it reports. */
  launch(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  cycle(): Promise<void>;
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
  readonly reason?: Reason;
  /** Of a message with several records. */
  readonly filed?: number;
  readonly refused?: number;
  /** Bytes of the SDC. */
  readonly size: number;
}

export interface MessageDetail extends MessageRow {
  readonly topic: string;
  /** It was tried again, as a message of its own. */
  readonly isRetried: boolean;
  /** Column and value of what it holds, as far as it opens. */
  readonly content: readonly (readonly [name: string, value: string])[];
  /** RFC 7468: the SDC where it was refused, the SignedData of what was filed; absent: purged. */
  readonly text?: string;
}

export interface MessagesView {
  /** Sorted by id; the search: a matricule, a table, or words of the outcome. */
  page(request: PageRequest): Promise<Page<MessageRow>>;
  /** Rejects with `message-unknown`. */
  find(id: number): Promise<MessageDetail>;
  /** Rejects with `message-filed` where there is nothing to try again. */
  retry(id: number): Promise<ArrivalOutcome>;
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
  login(userName: string, password: string): Promise<Operator>;
  readonly engine: EngineView;
  readonly messages: MessagesView;
  readonly administration: Administration;
  readonly accounts: AccountStore;
  readonly licence: LicenceStore;
  /** Keeps a copy of what the screen shows; resolves with the path of the file. */
  keepCapture(text: string): Promise<string>;
  /** At most 100, those that end last first. Throws `privilege-needed`. */
  certificatesOf(client: number): Promise<HeldCertificate[]>;
  /** Writes a text of that name, in place of one from before; returns its path. Throws `data-folder`. */
  keepPaper(name: string, lines: readonly string[]): Promise<string>;
  /** Why the connection to PostgreSQL is lost; undefined: connected. */
  readonly databaseLost: ErrorCode | undefined;
}

/** A step of stopping what runs embedded, as far as it runs. */
export interface StopStep {
  readonly id: 'engine' | 'station' | 'broker' | 'postgres';
  readonly state: 'running' | 'done';
}

export interface ConsolePorts {
  /** Brings the installation up; rejects with an XmError that the screen shows. Can be called again. */
  start(report: (step: StartStep) => void): Promise<Installation>;
  /**
   * Leaves; `stopServices` also ends engine, station, broker and PostgreSQL that run embedded. May be called before
   * `start` has settled. After a rejection the console goes on, and it can be called again.
   */
  quit(stopServices: boolean, report: (step: StopStep) => void): Promise<void>;
}
