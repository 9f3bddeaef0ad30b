/** What the answers to questions need from outside, beside ports.ts. */
import type { Search } from './engine/services/certify.ts';
import type {
  KeyId,
  MessageId,
  NoteMessage,
  NoticeMessage,
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
   * A page of the records of a query that has no fault, `most` of them at most, read-only, as a role that can read this
   * table only, within 5 s.
   * Throws `query-too-slow`, `query-syntax`, and `query-denied` for an `after` that it did not give.
   */
  select(query: FullQuery, table: FormTable, after?: string, most?: number): Promise<Page>;
  /** The records that a paper may be of, at most 1 000. Throws `query-too-slow`. */
  find(search: Search, table: FormTable): Promise<FormRecord[]>;
}

/** A question that reads records of the centre, and is paid. */
export interface PaidQuestion {
  readonly client: number;
  readonly messageId: MessageId;
  readonly service: 'IMPORT' | 'CERTIFY';
  /** When it came in: milliseconds since 1970. */
  readonly askedAt: number;
}

/** What an answer costs; keyed by client and message id. */
export interface Price extends PaidQuestion {
  /** Records read. */
  readonly records: number;
  /** Bytes of the answer's SDCs. */
  readonly bytes: number;
}

/** A certificate request (PKCS#10), read and its signature verified. */
export interface KeyRequest {
  readonly der: Uint8Array;
  readonly keyId: KeyId;
  readonly spki: Uint8Array;
  /** What client and operator read to each other. */
  readonly fingerprint: string;
}

export interface PasswordCheck {
  readonly status: number;
  /** scrypt; undefined: it has none yet. */
  readonly hash: string | undefined;
  /** The message that changed it last. */
  readonly changedBy: MessageId | undefined;
}

/** Clients' affairs in XMServerSystem. */
export interface Affairs {
  /** Seconds since 1970, the end excluded; without a period the balance alone. The newest 300 movements. */
  statement(
    client: number,
    from: number | undefined,
    to: number | undefined,
  ): Promise<Pick<StatementMessage, 'balance' | 'movements'>>;
  profile(client: number): Promise<Omit<ProfileAnswer, 'service' | 'about' | 'id' | 'recipient' | 'at'>>;
  changeProfile(client: number, change: NonNullable<ProfileMessage['change']>): Promise<void>;
  /** Stores what a client wrote; the same message again does nothing. */
  receiveMessage(client: number, messageId: MessageId, subject: string, text: string): Promise<void>;
  /**
   * Counts an attempt, which `endPassword` takes back. Undefined: no such client. Throws `password-locked` for 15 minutes
   * after 5 that were not. Those of strangers, whose key is not the client's, are counted apart.
   */
  beginPassword(client: number, byStranger: boolean): Promise<PasswordCheck | undefined>;
  endPassword(client: number, byStranger: boolean): Promise<void>;
  /** `hash` in place of `old`; false: somebody else was faster. */
  setPassword(client: number, old: string | undefined, hash: string, by: MessageId): Promise<boolean>;
  /** Files the request of a key, for an operator to decide; false: the key is another client's. */
  fileEnrolment(client: number, messageId: MessageId, request: KeyRequest): Promise<boolean>;
  /**
   * Before anything is read: the records that account and quota have room for, were they of no size; or as many as were
   * paid for under this message before. There must be room for one of any size: throws `account-empty`, `quota-reached`,
   * `message-id-reused`.
   */
  affordable(question: PaidQuestion): Promise<number>;
  /**
   * Charges at the tariffs in force and counts the day's readings, in one transaction. Returns the records that are paid
   * for: those of `price`; of what was charged under this message before, which changes nothing, as many as then; or
   * fewer, where account and quota have no room for all: then nothing was charged, and so many are worth another try.
   * Throws `account-empty`, `quota-reached` where there is none for one, and `message-id-reused`.
   */
  prepay(price: Price): Promise<number>;
}

/** A message that waits in XMServerSystem to be sealed and sent. */
export interface Letter {
  /** Its name for ever. */
  readonly key: string;
  readonly kind: 'message' | 'notice' | 'enrolment';
  readonly id: bigint;
  readonly client: number;
  readonly body:
    | Pick<NoteMessage, 'service' | 'subject' | 'text'>
    | Pick<NoticeMessage, 'service' | 'kind' | 'amount' | 'balance'>
    /** An operator has decided on the request of a key: its certificate, DER, or why not. It goes to that key. */
    | {
        readonly service: 'ENROL';
        readonly about: MessageId;
        readonly request: Uint8Array;
        readonly certificate?: Uint8Array;
        readonly reason?: string;
      };
}

/** Of each kind the id of one letter; absent: it is before all. */
export type LetterIds = { readonly [kind in Letter['kind']]?: bigint };

export interface Letters {
  /**
   * Those that wait and have an address, at most `limit` of each kind, each kind in the order of its ids and beginning
   * after that in `after`; the same may be returned again until `handedOn`.
   */
  letters(limit: number, after?: LetterIds): Promise<Letter[]>;
  handedOn(letters: readonly Letter[]): Promise<void>;
  onLetters(listener: () => void): void;
}

/** Letters into the outbox, and out of it once more. */
export interface Post {
  /** In one transaction; a key that was posted before does nothing. */
  post(
    letters: readonly {
      readonly key: string;
      readonly client: number;
      readonly sdc: Uint8Array;
      /** The question that it answers: a repeat of it sends the letter again, too. */
      readonly about?: MessageId;
    }[],
  ): Promise<void>;
  /**
   * Has letters wait to be sent once more, the same bytes, whose client was heard from since they were sent; each once,
   * at most `limit`. Resolves with how many.
   */
  repeat(limit: number): Promise<number>;
}

/** Of a request that came as an SDC. Throws `request-invalid`, `key-unsuitable`. */
export type ReadKeyRequest = (der: Uint8Array) => KeyRequest;

/** Where an answer goes that is not for the client's registered key. */
export function keyOf({ keyId, spki }: KeyRequest): PublicKeyRef {
  return { keyId, spki };
}
