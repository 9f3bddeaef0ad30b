/** The one question after signers' keys that a batch may ask, though its messages are unsealed in several threads. */
import { hex, type KeyId } from '../core/message.ts';
import type { PublicKeyRef } from '../core/ports.ts';
import { keysOf } from './opener.ts';

export class SignerInquiry {
  readonly #ids = new Map<string, KeyId>();
  /** Messages, by their place in the batch, that have not told their signer yet. */
  readonly #silent: Set<number>;
  readonly #answer = Promise.withResolvers<Map<string, PublicKeyRef>>();
  readonly #signers: (ids: readonly KeyId[]) => Promise<readonly PublicKeyRef[]>;

  constructor(batch: number, signers: (ids: readonly KeyId[]) => Promise<readonly PublicKeyRef[]>) {
    this.#silent = new Set(Array.from({ length: batch }, (_, place) => place));
    this.#signers = signers;
    // Whoever waits for the answer hears of its failure; nobody may be waiting yet.
    this.#answer.promise.catch(() => undefined);
  }

  /** Resolves when all messages of the batch have told and the question is answered. Telling twice is telling once. */
  tell(places: readonly number[], ids: readonly KeyId[]): Promise<Map<string, PublicKeyRef>> {
    const wasComplete = this.#silent.size === 0;
    for (const id of ids) this.#ids.set(hex(id), id);
    for (const place of places) this.#silent.delete(place);
    if (this.#silent.size === 0 && !wasComplete) {
      keysOf([...this.#ids.values()], this.#signers).then(this.#answer.resolve, this.#answer.reject);
    }
    return this.#answer.promise;
  }
}
