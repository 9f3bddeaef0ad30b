/**
 * What the rules of administration need from outside, and what they return. The console's screens and the command line
 * call the same functions of this folder with the operator who acts.
 */
import type { MqttVersion } from '../broker-test.ts';
import type { LicenceLimits } from '../licence.ts';
import type { Operator, Privilege } from '../operator.ts';
import type { Keyed, Page, PageRequest } from '../page.ts';

export interface Administration {
  readonly store: AdministrationStore;
  /** The limits in force now. */
  limits(): Promise<LicenceLimits>;
  /** Names of the tables that can be exchanged. */
  tables(): Promise<ReadonlySet<string>>;
}

/** Reads, and what an act changes. */
export type Records = ClientRecords &
  OperatorRecords &
  SignatoryRecords &
  SettingRecords &
  BrokerRecords &
  JournalRecords & {
    /** Until the end of the transaction nobody else has the turn of this name. */
    takeTurn(name: 'clients' | 'operators' | 'brokers'): Promise<void>;
  };

export interface AdministrationStore extends Records {
  /** All or nothing; what `work` throws is thrown on. */
  transaction<T>(work: (records: Records) => Promise<T>): Promise<T>;
}

// ── Lists ────────────────────────────────────────────────────────────────────────────────────────

/** A page of core/page.ts that also tells whether the list goes on, in the direction it was read. */
export interface ListPage<T> extends Page<T & Keyed> {
  readonly more: boolean;
}

// ── Clients ──────────────────────────────────────────────────────────────────────────────────────

export const clientSorts = [
  'matricule',
  'name',
  'town',
  'telephone',
  'status',
  'balance',
  'created',
] as const;
type ClientSort = (typeof clientSorts)[number];

/** Searched for are beginnings of words of name, town, telephone and matricule; all must be found. */
export interface ClientQuery extends PageRequest {
  readonly sort: ClientSort;
  readonly status?: number | undefined;
}

export interface ClientProfile {
  readonly name: string;
  readonly town: string;
  readonly telephone: string;
  /** 0 to 3 (guide §4.1, table 3). */
  readonly status: number;
}

export interface Client extends ClientProfile {
  readonly matricule: number;
  /** Smallest unit of the currency. */
  readonly balance: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

export interface TableRight {
  readonly table: string;
  readonly write: boolean;
  readonly read: boolean;
}

/** How a client may exchange. */
export interface Exchange {
  /** Several records may go in one SDC, both ways. */
  readonly batch: boolean;
  /** Records of the centre that it may read in one day; undefined: as many as it likes. */
  readonly readsPerDay?: number;
}

/** A client with what stands beside him. */
export interface ClientSheet extends Client, Exchange {
  /** Undefined: he still has the password that every client begins with. */
  readonly passwordChangedAt?: number;
  readonly rights: readonly TableRight[];
  /** The certificate that answers are sealed to. */
  readonly certificate?: { readonly key: string; readonly notAfter: number; readonly revoked: boolean };
  /** Messages that wait to be sent to him. */
  readonly waitingMessages: number;
  /** Messages of his that nobody has read. */
  readonly unreadMessages: number;
}

export interface OutgoingMessage {
  readonly client: number;
  readonly subject: string;
  readonly text: string;
  readonly createdBy: string;
  /** What makes it one, however often it is sent. */
  readonly reference?: string | undefined;
}

/** What a client has written to the people of the centre. */
export interface ReceivedMessage {
  readonly id: number;
  readonly client: number;
  readonly clientName: string;
  readonly subject: string;
  readonly text: string;
  readonly receivedAt: number;
  /** Undefined: nobody has read it. */
  readonly readAt?: number;
}

export interface ReceivedQuery {
  readonly client?: number | undefined;
  readonly unread: boolean;
  /** Older than this number: the next page. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** `unread`: what nobody has read, and what somebody has, each by its moment. */
export const receivedSorts = ['unread', 'received'] as const;

/** Searched for are beginnings of words of the client: its name, town, telephone, matricule. */
export interface ReceivedPageQuery extends PageRequest {
  readonly sort: (typeof receivedSorts)[number];
}

export interface QueuedMessage extends Pick<OutgoingMessage, 'client' | 'subject' | 'text'> {
  readonly id: number;
  /** It was there before. */
  readonly repeated: boolean;
}

interface ClientRecords {
  clientPage(query: ClientQuery): Promise<ListPage<Client>>;
  /** How many the query finds; without search and status: all. */
  countClients(filter: Partial<Pick<ClientQuery, 'search' | 'status'>>): Promise<number>;
  clientSheet(matricule: number): Promise<ClientSheet | undefined>;
  /** Locked until the end of the transaction. */
  lockClient(matricule: number): Promise<Client | undefined>;
  /** Opens the account, too; returns the matricule, undefined where the wanted one is taken. */
  insertClient(
    profile: ClientProfile,
    passwordHash: string,
    matricule: number | undefined,
    reference?: string,
  ): Promise<number | undefined>;
  /** The matricule of the client that was made under this reference. */
  clientOf(reference: string): Promise<number | undefined>;
  updateClient(matricule: number, profile: ClientProfile): Promise<void>;
  /** Back to the password that every client begins with. */
  resetClientPassword(matricule: number, passwordHash: string): Promise<void>;
  rights(matricule: number): Promise<TableRight[]>;
  /** A right that is neither to write nor to read is removed. */
  writeRights(matricule: number, rights: readonly TableRight[]): Promise<void>;
  exchange(matricule: number): Promise<Exchange>;
  writeExchange(matricule: number, exchange: Exchange): Promise<void>;
  /** The message with its number; that of before where its reference stands for one. */
  queueMessage(message: OutgoingMessage): Promise<QueuedMessage>;
  /** The newest first. */
  receivedMessages(query: ReceivedQuery): Promise<ReceivedMessage[]>;
  receivedPage(query: ReceivedPageQuery): Promise<ListPage<ReceivedMessage>>;
  /** Locked until the end of the transaction. */
  lockReceived(id: number): Promise<ReceivedMessage | undefined>;
  markRead(id: number): Promise<void>;
}

// ── Operators ────────────────────────────────────────────────────────────────────────────────────

export interface OperatorSheet extends Operator {
  /** As the operator calls it (guide §2.8). */
  readonly certificateName: string;
  readonly createdAt: number;
  readonly passwordChangedAt: number;
}

export interface OperatorEntry {
  readonly userName: string;
  readonly name: string;
  readonly certificateName: string;
  readonly privilege: Privilege;
}

interface OperatorRecords {
  /** In the order of their user names. */
  operators(): Promise<OperatorSheet[]>;
  /** User names are one whatever their case. */
  operator(userName: string): Promise<OperatorSheet | undefined>;
  lockOperator(userName: string): Promise<OperatorSheet | undefined>;
  /** As it stands now; undefined: there is none. */
  privilegeOf(id: number): Promise<Privilege | undefined>;
  passwordHash(id: number): Promise<string | undefined>;
  /** Returns its number; undefined: the user name is taken. */
  insertOperator(entry: OperatorEntry, passwordHash: string): Promise<number | undefined>;
  updateOperator(id: number, entry: Omit<OperatorEntry, 'userName'>): Promise<void>;
  /** Forgets the failed log-ins, too. */
  setOperatorPassword(id: number, passwordHash: string): Promise<void>;
  forgetFailures(userName: string): Promise<void>;
}

// ── Signatories ──────────────────────────────────────────────────────────────────────────────────

export const signatorySorts = ['number', 'name', 'client', 'from'] as const;
type SignatorySort = (typeof signatorySorts)[number];

export interface SignatoryQuery extends PageRequest {
  readonly sort: SignatorySort;
  readonly client?: number | undefined;
}

export interface SignatoryEntry {
  readonly client: number;
  readonly name: string;
  readonly quality: string;
  /** Key id, hexadecimal, of a certificate that is registered. */
  readonly certificate?: string | undefined;
  /** `YYYY-MM-DD`, both days included. */
  readonly from: string;
  readonly until?: string | undefined;
}

export interface Signatory extends SignatoryEntry {
  readonly id: number;
  readonly clientName: string;
}

interface SignatoryRecords {
  signatoryPage(query: SignatoryQuery): Promise<ListPage<Signatory>>;
  signatory(id: number): Promise<Signatory | undefined>;
  lockSignatory(id: number): Promise<Signatory | undefined>;
  /** The number of another entry of this name for this client in days that overlap. */
  overlapping(entry: SignatoryEntry, except: number | undefined): Promise<number | undefined>;
  knowsCertificate(key: string): Promise<boolean>;
  insertSignatory(entry: SignatoryEntry): Promise<number>;
  updateSignatory(id: number, entry: SignatoryEntry): Promise<void>;
}

// ── Settings and brokers ─────────────────────────────────────────────────────────────────────────

interface SettingRecords {
  /** Those that were set, by name. */
  settings(): Promise<ReadonlyMap<string, unknown>>;
  writeSetting(name: string, value: unknown): Promise<void>;
  /** Whether an account has moved; until the end of the transaction none does. */
  lockMovements(): Promise<boolean>;
}

/** How a broker is spoken to, the same from every machine. Certificates are PEM. */
export interface BrokerTerms {
  /** Absent: MQTT 5 where the broker speaks it, else 3.1.1. */
  readonly mqttVersion?: MqttVersion;
  /** Seconds. */
  readonly keepAliveS: number;
  /** The only ones that may vouch for the broker; absent: the system's authorities and our own. */
  readonly authority?: string;
  /** Who engines are, for a broker that asks its clients; after it what leads to its authority. */
  readonly clientCertificate?: string;
  /** Its private key: name of a file in secrets/ of each machine. */
  readonly clientKey?: string;
}

export interface Broker extends BrokerTerms {
  readonly id: number;
  readonly url: string;
  readonly userName?: string;
  readonly hasPassword: boolean;
  readonly selected: boolean;
}

export interface BrokerEntry {
  readonly url: string;
  readonly userName?: string | undefined;
  readonly password?: string | undefined;
  readonly mqttVersion?: MqttVersion | 'auto' | undefined;
  readonly keepAliveS?: number | undefined;
  /** Empty: none any more; so with the next two. */
  readonly authority?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
}

interface BrokerRecords {
  brokers(): Promise<Broker[]>;
  /** Undefined: there is one of that URL. */
  insertBroker(entry: BrokerEntry): Promise<number | undefined>;
  /** What is undefined stays; an empty user name takes the account away, its password too. False: another one has that URL. */
  updateBroker(id: number, changes: Partial<BrokerEntry>): Promise<boolean>;
  /** In place of the one selected before. */
  selectBroker(id: number): Promise<void>;
  removeBroker(id: number): Promise<void>;
}

// ── Journal ──────────────────────────────────────────────────────────────────────────────────────

export interface JournalQuery {
  readonly act?: string | undefined;
  readonly operator?: string | undefined;
  /** What an act or an operator begins with. */
  readonly search?: string | undefined;
  /** Older than this number: the next page. */
  readonly before?: number | undefined;
  /** Newer than this number, those next to it: the page before. */
  readonly after?: number | undefined;
  readonly limit: number;
}

export interface JournalRow {
  readonly id: number;
  readonly at: number;
  /** User name, `os:<account>`; undefined: the system itself. */
  readonly operator?: string;
  readonly act: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface JournalRecords {
  /** The newest first. */
  journalPage(query: JournalQuery): Promise<JournalRow[]>;
  /** The number of the first row that does not follow from the one before; undefined: whole. */
  brokenJournalRow(): Promise<number | undefined>;
  writeJournal(act: string, detail: Readonly<Record<string, unknown>>, operator: string): Promise<void>;
}
