/**
 * The server's keys of a running engine: renewed, revoked, come to their end or to their turn to sign, they take effect
 * without a restart. It looks at each cycle, for files tell nobody, and when the directory has changed: a revocation.
 */
import { isDeepStrictEqual } from 'node:util';
import type { DataFolder } from '../config.ts';
import { XmError } from '../core/errors.ts';
import { hex } from '../core/message.ts';
import type { Database } from '../db/database.ts';
import { ExchangeablePool } from '../sdc/exchangeable-pool.ts';
import type { SdcPool } from '../sdc/pool.ts';
import { keysInForce, readServerKeys, revokedServerKeys, type ServerKeys } from './server-keys.ts';

export interface EngineKeysParts {
  readonly folder: DataFolder;
  readonly system: Database;
  readonly first: ServerKeys;
  readonly poolOf: (keys: ServerKeys) => SdcPool;
  readonly log: (line: string) => void;
}

export class EngineKeys {
  readonly pool: ExchangeablePool;
  readonly #parts: EngineKeysParts;
  #current: ServerKeys;
  #looking: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  readonly #revoked = Promise.withResolvers<XmError>();

  constructor(parts: EngineKeysParts) {
    this.#parts = parts;
    this.#current = parts.first;
    this.pool = new ExchangeablePool(parts.poolOf(parts.first));
  }

  get current(): ServerKeys {
    return this.#current;
  }

  /** Resolves, with the error that a start would have, when a key in use is revoked and no other is left. */
  get revoked(): Promise<XmError> {
    return this.#revoked.promise;
  }

  /** Resolves when what holds from this call on is in use. Rejects, and leaves all as it was, where it cannot be read. */
  look(): Promise<void> {
    if (this.#next) return this.#next;
    const next = this.#looking.then(() => {
      this.#next = undefined;
      return this.#look();
    });
    this.#next = next;
    this.#looking = next.catch(() => undefined);
    return next;
  }

  async #look(): Promise<void> {
    const { folder, system, poolOf, log } = this.#parts;
    const { store, accepted } = this.#current;
    const revoked = await revokedServerKeys(system);
    const now = Date.now();
    // Their certificates first: private keys may cost a passphrase.
    if (isSame(keysInForce(store.certificates('server'), now, revoked), this.#current)) return;
    let keys: ServerKeys;
    try {
      keys = readServerKeys(folder, now, revoked);
    } catch (error) {
      const isGivenUp = accepted.some(({ certificate }) => revoked.has(hex(certificate.keyId)));
      if (isGivenUp && error instanceof XmError) this.#revoked.resolve(error);
      throw error;
    }
    await this.pool.exchange(poolOf(keys));
    this.#current = keys;
    const ids = keys.accepted.map(({ certificate }) => hex(certificate.keyId));
    log(`keys of the server: ${ids.join(', ')}; ${hex(keys.signer.certificate.keyId)} signs`);
  }
}

type InForce = ReturnType<typeof keysInForce>;

function isSame(one: InForce, other: InForce): boolean {
  return isDeepStrictEqual(printsOf(one), printsOf(other));
}

function printsOf({ accepted, signer }: InForce): (string | undefined)[] {
  return [signer, ...accepted].map(one => one?.certificate.fingerprint);
}
