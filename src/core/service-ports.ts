/** What the answers to questions need from outside, beside ports.ts. */
import type { Search } from './engine/services/certify.ts';
import type {
  CertificateMessage,
  MessageId,
  ProfileAnswer,
  ProfileMessage,
  StatementMessage,
} from './message.ts';
import type { PublicKeyRef } from './ports.ts';
import type { Query } from './query.ts';
import type { FullQuery } from './query-rules.ts';
import type { FormRecord, FormTable } from './record.ts';

export interface Page {
  readonly records: readonly FormRecord[];
  /** There are more: they come after it. At most 40 characters. */
  readonly next?: string;
}

/** The documents, as clients read them. */
export interface Library {
  /**
   * What a SELECT text asks for (guide §6.3). Throws `query-syntax`, `query-denied` (all that is more than a selection of
   * one table's records), `query-too-complex`, `table-denied`.
   */
  read(text: string, tables: ReadonlyMap<string, FormTable>): Promise<Query>;
  /**
   * A page of the records of a query that has no fault, read-only, as a role that can read this table only, within 5 s.
   * Throws `query-too-slow`, `query-denied` for an `after` that it did not give.
   */
  select(query: FullQuery, table: FormTable, after?: string): Promise<Page>;
  /** The records that a paper may be of, at most 1 000. Throws `query-too-slow`. */
  find(search: Search, table: FormTable): Promise<FormRecord[]>;
}

/** What an answer costs, and whose; keyed by client and message id. */
export interface Price {
  readonly client: number;
  readonly messageId: MessageId;
  readonly service: 'IMPORT' | 'CERTIFY';
  /** Records read. */
  readonly records: number;
  /** Bytes of the answer's SDCs. */
  readonly bytes: number;
}

/** A message that waits in XMServerSystem to be sealed and sent. */
export interface Letter {
  readonly kind: 'message' | 'notice' | 'certificate' | 'refusal';
  /** With `kind`, its name for ever. */
  readonly id: bigint;
  readonly client: number;
  readonly body:
    | { readonly service: 'MESSAGE'; readonly subject: string; readonly text: string }
    | {
        readonly service: 'NOTICE';
        readonly kind: 'recharge' | 'correction';
        readonly amount: bigint;
        readonly balance: bigint;
      }
    | ({ readonly service: 'CERTIFICATE' } & Pick<CertificateMessage, 'about' | 'certificates'>)
    /** A receipt: the request was refused, and why. */
    | { readonly service: 'RECEIPT'; readonly about: MessageId; readonly detail: string };
  /** Of a certificate request: the key that asked. Others go to the client's own. */
  readonly recipient?: PublicKeyRef;
}

/** Clients' affairs in XMServerSystem. */
export interface Affairs {
  /** Seconds since 1970, the end excluded; without a period the balance alone. */
  statement(
    client: number,
    from: number | undefined,
    to: number | undefined,
  ): Promise<Pick<StatementMessage, 'balance' | 'movements'>>;
  profile(client: number): Promise<Omit<ProfileAnswer, 'service' | 'about' | 'id' | 'recipient' | 'at'>>;
  changeProfile(client: number, change: NonNullable<ProfileMessage['change']>): Promise<void>;
  /** Stores what a client wrote; the same message again does nothing. */
  receiveMessage(client: number, messageId: MessageId, subject: string, text: string): Promise<void>;
  /** Takes its place among those who try; throws `password-locked` after 5 failures for 15 minutes. Undefined: no such client. */
  beginPassword(client: number): Promise<{ readonly hash: string | undefined } | undefined>;
  /** `right`: forgets the failures. */
  endPassword(client: number, right: boolean): Promise<void>;
  /** `hash` in place of `old`; false: somebody else was faster. */
  setPassword(client: number, old: string | undefined, hash: string): Promise<boolean>;
  /** Files the request of a key; false: the key is another client's. */
  fileEnrolment(client: number, messageId: MessageId, request: Uint8Array): Promise<boolean>;
  /**
   * Charges at the tariffs in force and counts the day's readings, in one transaction; what was charged under this
   * message before changes nothing. Throws `account-empty` and `quota-reached`, having charged nothing.
   */
  prepay(price: Price): Promise<void>;
  /** Letters that wait, oldest first; the same may be returned again until `markSent`. */
  letters(limit: number): Promise<Letter[]>;
  markSent(letters: readonly Pick<Letter, 'kind' | 'id'>[]): Promise<void>;
  /** Called when letters wait. */
  onLetters(listener: () => void): void;
}
