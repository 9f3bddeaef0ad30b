/** Receipts that come back: opened, checked against what was sent, and only then applied to the rows. */
import { hex, type Receipt, type ReceiptMessage } from '../core/message.ts';
import type { Clock, Opener, PublicKeyRef } from '../core/ports.ts';
import { proofDigest } from '../core/receipt.ts';
import type { StationStore } from '../core/station-ports.ts';

export type ReceiptOutcome =
  | {
      readonly kind: 'applied';
      readonly filed: number;
      readonly refused: number;
      readonly receipts: readonly Receipt[];
    }
  /** Not from the server, not for us, or not about what we sent. */
  | { readonly kind: 'ignored'; readonly why: string };

export class Receipts {
  readonly #opener: Opener;
  /** The server's keys: after a renewal, receipts may come under the old one for a while. */
  readonly #servers: readonly PublicKeyRef[];
  readonly #store: StationStore;
  readonly #clock: Clock;

  constructor(opener: Opener, servers: readonly PublicKeyRef[], store: StationStore, clock: Clock) {
    this.#opener = opener;
    this.#servers = servers;
    this.#store = store;
    this.#clock = clock;
  }

  /** Rejects only where the database does: then the message must not be acknowledged. */
  async take(sdc: Uint8Array): Promise<ReceiptOutcome> {
    const [result] = await this.#opener.open([sdc], async () => this.#servers);
    if (!result) return { kind: 'ignored', why: 'empty' };
    if (!result.ok) return { kind: 'ignored', why: result.reason.code };
    const { message } = result;
    if (message.service !== 'RECEIPT') return { kind: 'ignored', why: message.service };
    const receipts = await this.#named(message);
    if (!(await this.#isProven(message))) return { kind: 'ignored', why: 'digest' };
    const changed = await this.#store.applyReceipts(receipts, result.signed, this.#clock.now());
    return { kind: 'applied', ...changed, receipts };
  }

  /** A refusal of an SDC that the server could not open names it by the hash of its bytes. */
  async #named(message: ReceiptMessage): Promise<Receipt[]> {
    return Promise.all(
      message.receipts.map(async receipt => {
        if (receipt.outcome === 'filed') return receipt;
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
    const filed = message.receipts.filter(receipt => receipt.outcome === 'filed');
    const digests = await this.#store.digests(filed.map(receipt => receipt.about));
    const known = digests.filter(digest => digest !== undefined);
    return known.length < digests.length || hex(proofDigest(known)) === hex(message.digest);
  }
}
