/** What an SDC carries once opened; the byte form is docs/sdc.md, "Payload". */
import type { ErrorCode } from './errors.ts';
import type { FormRecord } from './record.ts';

export type Service = 'EXPORT' | 'RECEIPT';

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

export interface ExportMessage extends Head {
  readonly service: 'EXPORT';
  readonly table: string;
  readonly record: FormRecord;
}

/** What became of a message. `refused` with no detail is all that a peer learns of an SDC that failed to open. */
export type OutcomeCode = 'filed' | 'refused';

export interface Receipt {
  /** The message's id, or of an SDC that could not be opened: the first 8 bytes of SHA-256 of its bytes. */
  readonly about: MessageId;
  readonly outcome: OutcomeCode;
  /** The Numero that the server's database gave; filed only. */
  readonly numero?: bigint;
  /** Why a message was refused: an error of the catalogue, which the receiver words in its own language. */
  readonly reason?: { readonly code: ErrorCode; readonly params: Readonly<Record<string, string | number>> };
}

/** Receipts of one client, sealed together. */
export interface ReceiptMessage extends Head {
  readonly service: 'RECEIPT';
  readonly receipts: readonly Receipt[];
  /**
   * SHA-256 over the record digests of the filed ones, in their order: with the originals, which both sides keep,
   * the signed receipts prove what was filed, at 32 bytes for any number of them. Empty where none was filed.
   */
  readonly digest: Uint8Array;
}

export type Message = ExportMessage | ReceiptMessage;

/** An SDC that opened: decrypted, its signature verified with the key that `signer` names. */
export interface Opened {
  readonly signer: KeyId;
  readonly message: Message;
  /** The DER SignedData: what the signer signed, and proof of it for stock OpenSSL. */
  readonly signed: Uint8Array;
  /** SHA-256 of the signed content (the payload): the digest that receipts speak of. */
  readonly digest: Uint8Array;
}

/** `xms/u/<matricule>`: client to server; `xms/d/<matricule>`: server to client. Short, for every byte is paid. */
export const topics = {
  up: (matricule: number) => `xms/u/${matricule}`,
  down: (matricule: number) => `xms/d/${matricule}`,
  allUp: 'xms/u/+',
  allDown: 'xms/d/+',
  /** Of the broker test: `xms/test/<random>/…`. */
  test: 'xms/test',
  /** The matricule that a topic names, or undefined. A hint only: who sent a message is who signed it. */
  matricule(topic: string): number | undefined {
    const match = /^xms\/[ud]\/(\d{1,9})$/.exec(topic);
    return match ? Number(match[1]) : undefined;
  },
} as const;

/** Lower-case hexadecimal, the form of key and message ids in maps, databases and on screens. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
