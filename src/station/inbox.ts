/** What comes back: opened, receipts checked against what was sent, and only then applied or stored. */
import { type Answer, hex, type Message, type Receipt, type ReceiptMessage } from '../core/message.ts';
import type { Clock, Opener, PublicKeyRef, Reason } from '../core/ports.ts';
import { proofDigest } from '../core/receipt.ts';
import type { SettledRecord, StationStore } from '../core/station-ports.ts';

export type Taken =
  | {
      readonly kind: 'receipts';
      readonly receipts: readonly Receipt[];
      /** The records of which they told something new. */
      readonly settled: readonly SettledRecord[];
    }
  /** An answer to a question, or what the server sends by itself. */
  | { readonly kind: 'message'; readonly message: Answer }
  /** Not from the server, not for us, or not about what we sent. */
  | {
      readonly kind: 'ignored';
      readonly why: string /** Where it did not open. */;
      readonly reason?: Reason;
    };

export class Inbox {
  readonly #opener: Opener;
  /** The server's keys: after a renewal, receipts may come under the old one for a while. */
  readonly #servers: () => readonly PublicKeyRef[];
  readonly #store: StationStore;
  readonly #clock: Clock;

  constructor(opener: Opener, servers: () => readonly PublicKeyRef[], store: StationStore, clock: Clock) {
    this.#opener = opener;
    this.#servers = servers;
    this.#store = store;
    this.#clock = clock;
  }

  /** Rejects only where the database does: then the message must not be acknowledged. */
  async take(sdc: Uint8Array): Promise<Taken> {
    // Answers may hold several records, and the receipts of many take room.
    const [result] = await this.#opener.open([{ sdc, isBatch: true }], async () => this.#servers());
    if (!result) return { kind: 'ignored', why: 'empty' };
    if (!result.ok) return { kind: 'ignored', why: result.reason.code, reason: result.reason };
    const { message, signed } = result;
    if (message.service === 'RECEIPT') return this.#apply(message, signed);
    if (!isAnswer(message)) return { kind: 'ignored', why: message.service };
    const isNew = await this.#store.receive(message, signed, this.#clock.now());
    return isNew ? { kind: 'message', message } : { kind: 'ignored', why: 'repeat' };
  }

  async #apply(message: ReceiptMessage, signed: Uint8Array): Promise<Taken> {
    const receipts = await this.#named(message);
    if (!(await this.#isProven(message))) return { kind: 'ignored', why: 'digest' };
    const settled = await this.#store.applyReceipts(receipts, signed, this.#clock.now());
    return { kind: 'receipts', receipts, settled };
  }

  /** A refusal of an SDC that the server could not open names it by the hash of its bytes. */
  async #named(message: ReceiptMessage): Promise<Receipt[]> {
    return Promise.all(
      message.receipts.map(async receipt => {
        if (isAnyFiled(receipt)) return receipt;
        const about = await this.#store.messageIdOf(receipt.about);
        return about ? { ...receipt, about } : receipt;
      }),
    );
  }

  /**
   * The digest must be that of what we sent. Where one of the messages is not ours any more (a database restored
   * from a backup) it cannot be computed, and the server's signature stands alone.
   */
  async #isProven(message: ReceiptMessage): Promise<boolean> {
    const filed = message.receipts.filter(isAnyFiled);
    const digests = await this.#store.digests(filed.map(receipt => receipt.about));
    const known = digests.filter(digest => digest !== undefined);
    return known.length < digests.length || hex(proofDigest(known)) === hex(message.digest);
  }
}

function isAnyFiled({ outcomes }: Receipt): boolean {
  return outcomes.some(({ kind }) => kind === 'filed');
}

/** What a server sends beside receipts. */
const answers: Readonly<Record<Answer['service'], true>> = {
  ROWS: true,
  'CERTIFY-ANSWER': true,
  STATEMENT: true,
  'PROFILE-ANSWER': true,
  NOTICE: true,
  MESSAGE: true,
  CERTIFICATE: true,
};

function isAnswer(message: Message): message is Answer {
  return Object.hasOwn(answers, message.service);
}
