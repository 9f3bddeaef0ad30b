/** What an SDC carries once opened; the byte form is docs/sdc.md, "Payload". */
import type { ErrorCode } from './errors.ts';
import type { Query } from './query.ts';
import type { FormRecord } from './record.ts';

/** Client to server, and server to client: `docs/sdc.md`, "Messages". */
export type Service = Message['service'];

/** Random id of a message, 8 to 16 bytes, chosen by its sender; with the sender it names the message for ever. */
export type MessageId = Uint8Array;

/** First 8 bytes of SHA-256 over the DER SubjectPublicKeyInfo: how certificates and SDCs name a key. */
export type KeyId = Uint8Array;

export interface Head {
  readonly id: MessageId;
  /** Key id of the addressee: the signature covers it, so an SDC cannot be turned to somebody else. */
  readonly recipient: KeyId;
  /** When it was sealed, whole seconds since 1970. */
  readonly at: number;
}

// ── Client to server ─────────────────────────────────────────────────────────────────────────────

/** Records to be filed: one, or several of one structure where the client's profile allows it. */
export interface ExportMessage extends Head {
  readonly service: 'EXPORT';
  readonly table: string;
  readonly records: readonly FormRecord[];
}

/** Records are wanted: those that a restricted query names, or a SELECT text of the guide's clients (§6.3). */
export interface ImportMessage extends Head {
  readonly service: 'IMPORT';
  readonly query: Query | string;
  /** `next` of the page before, where this asks for the page after it. */
  readonly after?: string;
}

/** Is this paper genuine? `paper`: what stands on it, by column names. */
export interface CertifyMessage extends Head {
  readonly service: 'CERTIFY';
  readonly table: string;
  readonly paper: FormRecord;
}

/** What is on my account? With the movements of a period, seconds since 1970, its end excluded. */
export interface AccountMessage extends Head {
  readonly service: 'ACCOUNT';
  readonly from?: number;
  readonly to?: number;
}

/** What is my profile? With `change`: it is to be that. */
export interface ProfileMessage extends Head {
  readonly service: 'PROFILE';
  readonly change?: { readonly name?: string; readonly town?: string; readonly telephone?: string };
}

export interface PasswordMessage extends Head {
  readonly service: 'PASSWORD';
  readonly old: string;
  readonly new: string;
}

/** Both ways: a few lines from person to person. */
export interface NoteMessage extends Head {
  readonly service: 'MESSAGE';
  readonly subject: string;
  readonly text: string;
}

/** A key asks for its certificate. It is signed by that key, which nobody knows yet: the request holds it. */
export interface EnrolMessage extends Head {
  readonly service: 'ENROL';
  readonly matricule: number;
  readonly password: string;
  /** DER CertificationRequest (RFC 2986). */
  readonly request: Uint8Array;
}

// ── Server to client ─────────────────────────────────────────────────────────────────────────────

/** What became of a record, or of a question that changes something. `refused` with no reason is all that a peer learns of an SDC that failed to open. */
export type Outcome =
  | { readonly kind: 'filed' /** That the server's database gave. */; readonly numero: bigint }
  | { readonly kind: 'done' }
  | {
      readonly kind: 'refused';
      /** An error of the catalogue, which the receiver words in its own language. */
      readonly reason?: {
        readonly code: ErrorCode;
        readonly params: Readonly<Record<string, string | number>>;
      };
    };

export interface Receipt {
  /** The message's id, or of an SDC that could not be opened: the first 8 bytes of SHA-256 of its bytes. */
  readonly about: MessageId;
  /** One for each record, in their order; one where the message holds none, or was refused as a whole. */
  readonly outcomes: readonly Outcome[];
}

/** Receipts of one client, sealed together. */
export interface ReceiptMessage extends Head {
  readonly service: 'RECEIPT';
  readonly receipts: readonly Receipt[];
  /**
   * SHA-256 over the payload digests of the messages of which something was filed, in their order: with the originals,
   * which both sides keep, the signed receipts prove what was filed, at 32 bytes for any number of them. Empty where
   * nothing was filed.
   */
  readonly digest: Uint8Array;
}

/** Rows of an answer to IMPORT: one by default, or several where the client's profile allows it. */
export interface RowsMessage extends Head {
  readonly service: 'ROWS';
  readonly about: MessageId;
  readonly table: string;
  /** Of the answer's SDCs, from 0. */
  readonly part: number;
  /** Of one structure; none: nothing was found. */
  readonly records: readonly FormRecord[];
  /** The answer's last part. */
  readonly isLast: boolean;
  /** Last part only: there are more; ask with it as `after`. */
  readonly next?: string;
}

export interface CertifyAnswer extends Head {
  readonly service: 'CERTIFY-ANSWER';
  readonly about: MessageId;
  readonly verdict: 'genuine' | 'unknown' | 'differs' | 'cancelled';
  /** Columns in which paper and record differ. */
  readonly differs: readonly string[];
  /** Of the record that the paper was compared with. */
  readonly numero?: bigint;
}

export interface StatementMessage extends Head {
  readonly service: 'STATEMENT';
  /** The question; none: the server sends it by itself. */
  readonly about?: MessageId;
  readonly balance: bigint;
  readonly movements: readonly {
    /** Seconds since 1970. */
    readonly at: number;
    readonly kind: 'recharge' | 'charge' | 'correction';
    /** What is charged; charges of one service and day stand together, `count` of them. */
    readonly service?: string;
    readonly count: number;
    readonly amount: bigint;
  }[];
}

export interface ProfileAnswer extends Head {
  readonly service: 'PROFILE-ANSWER';
  /** The question; none: the server sends it by itself. */
  readonly about?: MessageId;
  readonly matricule: number;
  readonly name: string;
  readonly town: string;
  readonly telephone: string;
  readonly status: number;
  /** Several records may go in one SDC. */
  readonly batch: boolean;
  readonly tables: readonly { readonly table: string; readonly write: boolean; readonly read: boolean }[];
}

/** The account was recharged, or corrected. */
export interface NoticeMessage extends Head {
  readonly service: 'NOTICE';
  readonly kind: 'recharge' | 'correction';
  readonly amount: bigint;
  readonly balance: bigint;
}

/** The answer to ENROL, once an operator has accepted it; sealed to the key that asked. */
export interface CertificateMessage extends Head {
  readonly service: 'CERTIFICATE';
  readonly about: MessageId;
  /** DER: the client's certificate, then those up to the authority's. */
  readonly certificates: readonly Uint8Array[];
}

export type Request =
  | ImportMessage
  | CertifyMessage
  | AccountMessage
  | ProfileMessage
  | PasswordMessage
  | NoteMessage
  | EnrolMessage;

export type Answer =
  | RowsMessage
  | CertifyAnswer
  | StatementMessage
  | ProfileAnswer
  | NoticeMessage
  | NoteMessage
  | CertificateMessage;

export type Message = ExportMessage | ReceiptMessage | Request | Answer;

/** An SDC that opened: decrypted, its signature verified with the key that `signer` names. */
export interface Opened {
  readonly signer: KeyId;
  readonly message: Message;
  /** The DER SignedData: what the signer signed, and proof of it for stock OpenSSL. */
  readonly signed: Uint8Array;
  /** SHA-256 of the signed content (the payload): the digest that receipts speak of. */
  readonly digest: Uint8Array;
  /** An ENROL signed by the key in its own request, which nobody has registered: `signer` names that key. */
  readonly stranger?: true;
  /** Bytes of its DER or of its map, where that is more than a message of one record may have. */
  readonly oversize?: number;
}

/** `xms/u/<matricule>`: client to server; `xms/d/<matricule>`: server to client. Short, for every byte is paid. */
export const topics = {
  up: (matricule: number) => `xms/u/${matricule}`,
  down: (matricule: number) => `xms/d/${matricule}`,
  /** What came as a file instead (T2D), in the journal of messages; without a matricule where the file does not tell. */
  carried: (matricule: number | undefined) => (matricule === undefined ? 't2d/u' : `t2d/u/${matricule}`),
  allUp: 'xms/u/+',
  allDown: 'xms/d/+',
  /** Of the broker test: `xms/test/<random>/…`. */
  test: 'xms/test',
  /** The matricule that a topic names, or undefined. A hint only: who sent a message is who signed it. */
  matricule(topic: string): number | undefined {
    const match = /^(?:xms|t2d)\/[ud]\/(\d{1,9})$/.exec(topic);
    return match ? Number(match[1]) : undefined;
  },
} as const;

/** Lower-case hexadecimal, the form of key and message ids in maps, databases and on screens. */
export function hex(bytes: Uint8Array): string {
  const buffer =
    bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('hex');
}
