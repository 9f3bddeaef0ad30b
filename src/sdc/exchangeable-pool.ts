/**
 * A pool that another takes the place of, when keys change: what comes from then on goes to the new one, what the old
 * one has in hand it finishes. Its workers hold the old keys, and end with it.
 */
import type { Opener, OpenResult, Sealed, Sealer } from '../core/ports.ts';
import type { SdcPool } from './pool.ts';

interface Turn {
  readonly pool: SdcPool;
  inHand: number;
}

export class ExchangeablePool implements SdcPool {
  #turn: Turn;
  readonly #closing = new Set<Promise<void>>();
  #isClosed = false;
  readonly #ended = Promise.withResolvers<Error>();

  constructor(pool: SdcPool) {
    this.#turn = this.#turnOf(pool);
  }

  get ended(): Promise<Error> {
    return this.#ended.promise;
  }

  /** Rejects where the new one does not work: then it is closed, and the old one goes on. */
  async exchange(pool: SdcPool): Promise<void> {
    try {
      await pool.open([{ sdc: new Uint8Array(1), isBatch: false }], async () => []);
    } catch (error) {
      await pool.close();
      throw error;
    }
    if (this.#isClosed) return pool.close();
    const old = this.#turn;
    this.#turn = this.#turnOf(pool);
    this.#closeIdle(old);
  }

  open(...call: Parameters<Opener['open']>): Promise<OpenResult[]> {
    return this.#during(pool => pool.open(...call));
  }

  seal(...call: Parameters<Sealer['seal']>): Promise<Sealed[]> {
    return this.#during(pool => pool.seal(...call));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#turn.pool.close(), ...this.#closing]);
  }

  #turnOf(pool: SdcPool): Turn {
    const turn: Turn = { pool, inHand: 0 };
    void pool.ended.then(error => (turn === this.#turn ? this.#ended.resolve(error) : undefined));
    return turn;
  }

  async #during<T>(work: (pool: SdcPool) => Promise<T>): Promise<T> {
    const turn = this.#turn;
    turn.inHand++;
    try {
      return await work(turn.pool);
    } finally {
      turn.inHand--;
      this.#closeIdle(turn);
    }
  }

  #closeIdle(turn: Turn): void {
    if (turn === this.#turn || turn.inHand > 0) return;
    const closing = turn.pool.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
