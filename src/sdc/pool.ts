/**
 * Opens and seals in worker threads. A batch is cut into chunks; a chunk is copied to a worker when its turn has come,
 * so that a backlog stays with the caller. Messages of one sender, or to one client, go to one worker as far as the
 * chunks stay of one size: it remembers the keys that were agreed on with him. A worker that dies is replaced and its
 * work done again; a message that kills workers is found out and refused.
 */
import { XmError } from '../core/errors.ts';
import { hex, type Message } from '../core/message.ts';
import type { Closed, Opener, OpenResult, PublicKeyRef, Sealed, Sealer } from '../core/ports.ts';
import { type Attempt, refusal } from './attempt.ts';
import { keysOf, type OpenerOptions, opened } from './opener.ts';
import { pack, unpack } from './packet.ts';
import { encodePayload } from './payload.ts';
import type { SealerOptions } from './sealer.ts';
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

/** Messages that go to a worker together. */
interface Chunk {
  /** In the batch, ascending. */
  readonly places: readonly number[];
  /** The worker that does it unless it is busy and another is idle. */
  readonly home: number;
}

/** What came of a chunk, or of the part of one that was tried alone. */
interface Done<A> {
  readonly places: readonly number[];
  readonly answer: A;
}

type OpenedAnswer = Extract<Answer, { readonly kind: 'opened' }>;

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
    const done = await this.#inChunks<OpenedAnswer>(
      sdcs.map(({ sender = 0 }) => Math.imul(sender, spread) >>> 0),
      chunk => this.#open(sdcs, chunk, signers),
      () => {
        const { reason } = refusal(workersDied());
        return { kind: 'opened', count: 1, special: new Map([[0, reason]]), parts: pack([]) };
      },
    );
    return openedOf(done, sdcs.length);
  }

  async seal(messages: readonly Sealable[]): Promise<Sealed[]> {
    const done = await this.#inChunks(
      messages.map(({ recipient: { keyId } }) => Buffer.from(keyId).readUInt32BE()),
      chunk => this.#seal(messages, chunk),
      () => {
        throw workersDied();
      },
    );
    const sealed: Sealed[] = [];
    for (const { places, answer } of done) {
      for (const [i, place] of places.entries()) sealed[place] = answer[i] as Sealed;
    }
    return sealed;
  }

  async close(): Promise<void> {
    this.#endWith(new XmError('internal-fault', { detail: 'pool closed' }));
    await Promise.all(this.#slots.map(slot => slot.close()));
  }

  /**
   * As many chunks as give each worker the same; in the order of `peers`, which has a number for each item, the first
   * of them to the first worker. `giveUp`: what is said of an item that kills workers, or an exception for all.
   */
  async #inChunks<A>(
    peers: readonly number[],
    work: (chunk: Chunk) => Promise<A>,
    giveUp: () => A,
  ): Promise<Done<A>[]> {
    const byPeer = [...peers.keys()].sort((a, b) => (peers[a] as number) - (peers[b] as number));
    const workers = this.#slots.length;
    const rounds = Math.ceil(peers.length / (chunkLimit * workers));
    const size = Math.ceil(peers.length / (rounds * workers));
    const chunks: Promise<Done<A>[]>[] = [];
    for (let i = 0; i < byPeer.length; i += size) {
      const home = Math.floor((i * workers) / byPeer.length);
      const places = byPeer.slice(i, i + size).sort((a, b) => a - b);
      chunks.push(this.#untilDone({ places, home }, work, giveUp));
    }
    return (await Promise.all(chunks)).flat();
  }

  async #untilDone<A>(chunk: Chunk, work: (chunk: Chunk) => Promise<A>, giveUp: () => A): Promise<Done<A>[]> {
    const { places, home } = chunk;
    for (let deaths = 0; deaths < deathLimit; ) {
      try {
        return [{ places, answer: await work(chunk) }];
      } catch (error) {
        if (!(error instanceof WorkerDeath)) throw error;
        if (error.isGuilty) deaths++;
      }
    }
    if (places.length === 1) return [{ places, answer: giveUp() }];
    const alone = places.map(place => this.#untilDone({ places: [place], home }, work, giveUp));
    return (await Promise.all(alone)).flat();
  }

  async #open(
    all: readonly Closed[],
    { places, home }: Chunk,
    signers: Parameters<Opener['open']>[1],
  ): Promise<OpenedAnswer> {
    const job = this.#jobs++;
    const unseal = () => {
      const chunk = places.map(place => all[place] as Closed);
      const sdcs = pack(chunk.map(({ sdc }) => sdc));
      return { kind: 'unseal', job, sdcs, batches: chunk.map(({ isBatch }) => isBatch) } as const;
    };
    const { answer, slot, life } = await this.#ask(unseal, home);
    if (answer.kind !== 'signers') throw unexpected(answer);
    const ids = unpack(answer.ids);
    // Whether or not the keys are found, the worker must not keep what it unsealed.
    const keys = await keysOf(ids, signers).catch((error: unknown) => ({ error }));
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
    if (verified.answer.kind !== 'opened') throw unexpected(verified.answer);
    return verified.answer;
  }

  async #seal(all: readonly Sealable[], { places, home }: Chunk): Promise<Sealed[]> {
    const { answer } = await this.#ask(() => {
      const parts = places.flatMap(place => {
        const { message, recipient } = all[place] as Sealable;
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

/** What a worker has opened of its chunk, as far as it is held at once; not read yet. */
function verifiedIn({ count, special, parts: packet }: OpenedAnswer): Attempt<Verified>[] {
  const parts = unpack(packet).values();
  const part = () => parts.next().value as Buffer;
  return Array.from({ length: count }, (_, place): Attempt<Verified> => {
    const found = special.get(place);
    if (typeof found === 'object') return { ok: false, reason: found };
    const proof = { signer: part(), signed: part(), digest: part() };
    const encoded = { head: part(), map: part() };
    return {
      ok: true,
      value: { proof: found === undefined ? proof : { ...proof, ...markOf(found) }, encoded },
    };
  });
}

function markOf(special: 'stranger' | number) {
  return special === 'stranger' ? ({ stranger: true } as const) : { oversize: special };
}

/**
 * Those at the front, as far as all of them are there and are held at once. Unpacked when all have come: what a batch
 * consists of is garbage before V8 collects, where it would have been moved while it waited for the last chunk.
 */
function openedOf(done: readonly Done<OpenedAnswer>[], length: number): OpenResult[] {
  const verified: (Attempt<Verified> | undefined)[] = Array.from({ length });
  for (const { places, answer } of done) {
    for (const [i, one] of verifiedIn(answer).entries()) verified[places[i] as number] = one;
  }
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
