/**
 * Opens and seals in worker threads. A batch is cut into chunks; a chunk is copied to a worker when its turn has come,
 * so that a backlog stays with the caller. Messages of one sender, or to one client, go to one worker as far as the
 * chunks stay of one size: it remembers the keys that were agreed on with him. A worker that dies is replaced and its work done again; a message that
 * kills workers is found out and refused.
 */
import { XmError } from '../core/errors.ts';
import { hex, type Message } from '../core/message.ts';
import type { Closed, Opener, OpenResult, PublicKeyRef, Sealed, Sealer } from '../core/ports.ts';
import { type Attempt, refusal } from './attempt.ts';
import { type OpenerOptions, opened } from './opener.ts';
import { pack, unpack } from './packet.ts';
import { encodePayload } from './payload.ts';
import type { SealerOptions } from './sealer.ts';
import { SignerInquiry } from './signer-inquiry.ts';
import { heldLimit } from './size-limit.ts';
import type { Answer, Task } from './task.ts';
import type { Verified } from './verifier.ts';
import { type Question, WorkerDeath, WorkerSlot } from './worker-slot.ts';

/** Messages at most that go to a worker together. */
const chunkLimit = 100;
/** A chunk at which this many workers died is tried message by message; a message alone is refused. */
const deathLimit = 2;
/** Spreads matricules, which follow each other, over 32 bits (Knuth's golden ratio). */
const spread = 0x9e3779b1;

export interface PoolOptions {
  /** worker.ts, or what it was bundled to. */
  readonly workerFile: URL | string;
  readonly workers: number;
  /** Without it, nothing can be opened; without `sealer`, nothing sealed. */
  readonly opener?: OpenerOptions;
  readonly sealer?: SealerOptions;
}

export interface SdcPool extends Opener, Sealer {
  /** Resolves with why, when no worker can be kept alive: nothing is opened or sealed any more. Not after `close`. */
  readonly ended: Promise<Error>;
  /** Ends the workers; what is under way rejects with `internal-fault`. */
  close(): Promise<void>;
}

export function createSdcPool(options: PoolOptions): SdcPool {
  return new Pool(options);
}

interface Place<T> {
  /** In the batch. */
  readonly at: number;
  readonly item: T;
}

/** Messages that go to a worker together. */
interface Chunk<T> {
  readonly places: readonly Place<T>[];
  /** The worker that does it unless it is busy and another is idle. */
  readonly home: number;
}

interface Sealable {
  readonly message: Message;
  readonly recipient: PublicKeyRef;
}

interface Waiting {
  readonly question: Question;
  readonly home: number;
}

class Pool implements SdcPool {
  readonly #slots: readonly WorkerSlot[];
  #waiting: Waiting[] = [];
  #jobs = 0;
  #end: Error | undefined;
  readonly #ended = Promise.withResolvers<Error>();

  constructor({ workerFile, workers, opener, sealer }: PoolOptions) {
    const options = { ...(opener ? { opener } : {}), ...(sealer ? { sealer } : {}) };
    const on = {
      room: () => this.#dispatch(),
      hopeless: (error: Error) => this.#ended.resolve(this.#endWith(error)),
    };
    this.#slots = Array.from({ length: workers }, () => new WorkerSlot(workerFile, options, on));
  }

  get ended(): Promise<Error> {
    return this.#ended.promise;
  }

  async open(sdcs: readonly Closed[], signers: Parameters<Opener['open']>[1]): Promise<OpenResult[]> {
    const inquiry = new SignerInquiry(sdcs.length, signers);
    const verified = await this.#inChunks(
      sdcs,
      ({ sender = 0 }) => Math.imul(sender, spread) >>> 0,
      chunk => this.#open(chunk, inquiry),
      ({ at }) => {
        // The others must not wait for what it cannot tell.
        void inquiry.tell([at], []);
        return refusal(workersDied());
      },
    );
    return openedOf(verified);
  }

  async seal(messages: readonly Sealable[]): Promise<Sealed[]> {
    const sealed = await this.#inChunks(
      messages,
      ({ recipient: { keyId } }) => Buffer.from(keyId).readUInt32BE(),
      chunk => this.#seal(chunk),
      () => {
        throw workersDied();
      },
    );
    return sealed.filter(one => one !== undefined);
  }

  async close(): Promise<void> {
    this.#endWith(new XmError('internal-fault', { detail: 'pool closed' }));
    await Promise.all(this.#slots.map(slot => slot.close()));
  }

  /**
   * As many chunks as give each worker the same; in the order of `peer`, the first of them to the first worker. A chunk
   * that gets fewer results than it has items has those of its first; the others are undefined.
   */
  async #inChunks<T, R>(
    items: readonly T[],
    peer: (item: T) => number,
    work: (chunk: Chunk<T>) => Promise<R[]>,
    giveUp: (place: Place<T>) => R,
  ): Promise<(R | undefined)[]> {
    const peers = items.map(peer);
    const places = items.map((item, at) => ({ at, item }));
    const byPeer = places.toSorted((a, b) => (peers[a.at] as number) - (peers[b.at] as number));
    const workers = this.#slots.length;
    const rounds = Math.ceil(items.length / (chunkLimit * workers));
    const size = Math.ceil(items.length / (rounds * workers));
    const results: (R | undefined)[] = items.map(() => undefined);
    const chunks: Promise<void>[] = [];
    for (let i = 0; i < byPeer.length; i += size) {
      const home = Math.floor((i * workers) / byPeer.length);
      const chunk = byPeer.slice(i, i + size).sort((a, b) => a.at - b.at);
      const done = this.#untilDone({ places: chunk, home }, work, giveUp);
      chunks.push(
        done.then(found => {
          for (const [j, result] of found.entries()) results[(chunk[j] as Place<T>).at] = result;
        }),
      );
    }
    await Promise.all(chunks);
    return results;
  }

  async #untilDone<T, R>(
    chunk: Chunk<T>,
    work: (chunk: Chunk<T>) => Promise<R[]>,
    giveUp: (place: Place<T>) => R,
  ): Promise<R[]> {
    for (let deaths = 0; deaths < deathLimit; ) {
      try {
        return await work(chunk);
      } catch (error) {
        if (!(error instanceof WorkerDeath)) throw error;
        if (error.isGuilty) deaths++;
      }
    }
    const { places, home } = chunk;
    if (places.length === 1) return places.map(giveUp);
    const alone = places.map(place => this.#untilDone({ places: [place], home }, work, giveUp));
    return (await Promise.all(alone)).flat();
  }

  async #open({ places, home }: Chunk<Closed>, inquiry: SignerInquiry): Promise<Attempt<Verified>[]> {
    const job = this.#jobs++;
    const unseal = () => {
      const sdcs = pack(places.map(({ item }) => item.sdc));
      return { kind: 'unseal', job, sdcs, batches: places.map(({ item }) => item.isBatch) } as const;
    };
    const { answer, slot, life } = await this.#ask(unseal, home);
    if (answer.kind !== 'signers') throw unexpected(answer);
    const ids = unpack(answer.ids);
    // Whether or not the keys are found, the worker must not keep what it unsealed.
    const keys = await inquiry
      .tell(
        places.map(({ at }) => at),
        ids,
      )
      .catch((error: unknown) => ({ error }));
    const known = keys instanceof Map ? keys : new Map<string, PublicKeyRef>();
    const named = ids.flatMap(id => {
      const ref = known.get(hex(id));
      return ref ? partsOf(ref) : [];
    });
    const verified = await this.#ask(() => ({ kind: 'verify', job, keys: pack(named) }), home, {
      slot,
      life,
    });
    if (!(keys instanceof Map)) throw keys.error;
    return verifiedIn(verified.answer);
  }

  async #seal({ places, home }: Chunk<Sealable>): Promise<Sealed[]> {
    const { answer } = await this.#ask(() => {
      const parts = places.flatMap(({ item: { message, recipient } }) => {
        const { head, map } = encodePayload(message);
        return [head, map, ...partsOf(recipient)];
      });
      return { kind: 'seal', messages: pack(parts) };
    }, home);
    if (answer.kind !== 'sealed') throw unexpected(answer);
    const parts = unpack(answer.parts);
    return places.map((_, i) => ({ sdc: parts[2 * i] as Buffer, digest: parts[2 * i + 1] as Buffer }));
  }

  /** `pinned`: only that worker can answer. Rejects with WorkerDeath, or with why the pool has ended. */
  #ask(
    task: () => Task,
    home: number,
    pinned?: { readonly slot: WorkerSlot; readonly life: number },
  ): Promise<{ readonly answer: Answer; readonly slot: WorkerSlot; readonly life: number }> {
    return new Promise((resolve, reject) => {
      if (this.#end) return reject(this.#end);
      const question: Question = {
        task,
        resolve: (answer, slot, life) => resolve({ answer, slot, life }),
        reject,
      };
      if (!pinned) {
        this.#waiting.push({ question, home });
        this.#dispatch();
      } else if (pinned.slot.life === pinned.life) pinned.slot.ask(question);
      else reject(new WorkerDeath(false));
    });
  }

  #dispatch(): void {
    this.#waiting = this.#waiting.filter(({ question, home }) => {
      const own = this.#slots[home];
      const slot = own?.hasRoom ? own : this.#slots.find(slot => slot.hasRoom && slot.load === 0);
      slot?.ask(question);
      return slot === undefined;
    });
  }

  #endWith(error: Error): Error {
    const end = this.#end ?? new XmError('internal-fault', { detail: error.message }, { cause: error });
    this.#end = end;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { question } of waiting) question.reject(end);
    return end;
  }
}

function partsOf({ keyId, spki, certificate }: PublicKeyRef): Uint8Array[] {
  return [keyId, spki, certificate ?? new Uint8Array()];
}

/** What a worker has opened of its chunk, not read yet. */
function verifiedIn(answer: Answer): Attempt<Verified>[] {
  if (answer.kind !== 'opened') throw unexpected(answer);
  const parts = unpack(answer.parts);
  let at = 0;
  return answer.outcomes.map((outcome): Attempt<Verified> => {
    if (typeof outcome === 'object') return { ok: false, reason: outcome };
    const [signer, signed, digest, head, map] = parts.slice(at, at + 5) as [
      Buffer,
      Buffer,
      Buffer,
      Buffer,
      Buffer,
    ];
    at += 5;
    const stranger = outcome === 'stranger' ? ({ stranger: true } as const) : {};
    const oversize = typeof outcome === 'number' ? { oversize: outcome } : {};
    return { ok: true, value: { signer, signed, digest, encoded: { head, map }, ...stranger, ...oversize } };
  });
}

/** Those at the front, as far as all of them are there and are held at once. */
function openedOf(verified: readonly (Attempt<Verified> | undefined)[]): OpenResult[] {
  const results: OpenResult[] = [];
  let held = 0;
  for (const one of verified) {
    if (!one || held >= heldLimit) break;
    if (one.ok) held += one.value.encoded.map.length;
    results.push(opened(one));
  }
  return results;
}

function unexpected(answer: Answer): XmError {
  return new XmError('internal-fault', { detail: answer.kind === 'fault' ? answer.detail : answer.kind });
}

function workersDied(): XmError {
  return new XmError('internal-fault', { detail: 'worker threads died at it' });
}
