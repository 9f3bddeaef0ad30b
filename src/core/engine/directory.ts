/** Who may sign, and what each client may do: read from XMServerSystem in batches, remembered, forgotten on change. */
import { LruMap } from '../lru.ts';
import { hex, type KeyId } from '../message.ts';
import type { ClientAccess, Signer, SystemStore } from '../ports.ts';

/** Entries kept of each kind; a client costs about 1 KB. */
const limit = 20_000;

export class Directory {
  readonly #store: SystemStore;
  readonly #signers = new LruMap<string, Signer>(limit);
  readonly #clients = new LruMap<number, ClientAccess>(limit);
  /** Counts changes: an answer that was asked for before a change is not remembered after it. */
  #generation = 0;

  constructor(store: SystemStore) {
    this.#store = store;
    store.onDirectoryChange(() => this.forget());
  }

  forget(): void {
    this.#generation++;
    this.#signers.clear();
    this.#clients.clear();
  }

  /** The registered certificates of these keys, by key id in hexadecimal; unknown ones are left out. */
  signers(ids: readonly KeyId[]): Promise<Map<string, Signer>> {
    const byHex = new Map(ids.map(id => [hex(id), id]));
    return this.#lookUp([...byHex.keys()], this.#signers, async missing => {
      const found = await this.#store.signers(missing.map(key => byHex.get(key) as KeyId));
      return found.map(signer => [hex(signer.keyId), signer]);
    });
  }

  /** The clients of these matricules; unknown ones are left out. */
  clients(matricules: Iterable<number>): Promise<Map<number, ClientAccess>> {
    return this.#lookUp([...new Set(matricules)], this.#clients, async missing => {
      const found = await this.#store.clients(missing);
      return found.map(client => [client.matricule, client]);
    });
  }

  async #lookUp<K, V>(
    keys: readonly K[],
    known: LruMap<K, V>,
    read: (missing: readonly K[]) => Promise<[K, V][]>,
  ): Promise<Map<K, V>> {
    const result = new Map<K, V>();
    const missing: K[] = [];
    for (const key of keys) {
      const value = known.get(key);
      if (value === undefined) missing.push(key);
      else result.set(key, value);
    }
    if (missing.length === 0) return result;
    const generation = this.#generation;
    for (const [key, value] of await read(missing)) {
      result.set(key, value);
      if (generation === this.#generation) known.set(key, value);
    }
    return result;
  }
}
