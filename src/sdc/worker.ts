/**
 * A worker of the pool: the program of a thread. Synchronous node:crypto in a few threads beats WebCrypto and the
 * thread pool of libuv, which hand each operation over by itself.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { hex } from '../core/message.ts';
import type { PublicKeyRef } from '../core/ports.ts';
import type { Attempt } from './attempt.ts';
import { signersOf } from './opener.ts';
import { type Packet, pack, unpack } from './packet.ts';
import { sealing } from './sealer.ts';
import type { Answer, Special, Task, WorkerOptions } from './task.ts';
import { type Unsealed, Unsealer } from './unsealer.ts';
import { Verifier } from './verifier.ts';

const options = workerData as WorkerOptions;
const unsealer = new Unsealer(options.opener ?? { recipients: [] });
const verifier = new Verifier();
const seal = options.sealer && sealing(options.sealer);
/** By job, what waits for the keys of its signers. */
const unsealed = new Map<number, readonly Attempt<Unsealed>[]>();

parentPort?.on('message', (task: Task) => post(answered(task)));
post({ kind: 'ready' });

function answered(task: Task): Answer {
  try {
    return work(task);
  } catch (error) {
    return { kind: 'fault', detail: error instanceof Error ? error.message : String(error) };
  }
}

function work(task: Task): Answer {
  switch (task.kind) {
    case 'unseal': {
      const sdcs = unpack(task.sdcs).map((sdc, i) => ({ sdc, isBatch: task.batches[i] === true }));
      const batch = unsealer.unseal(sdcs);
      unsealed.set(task.job, batch);
      return { kind: 'signers', ids: pack(signersOf(batch)) };
    }
    case 'verify': {
      const batch = unsealed.get(task.job) ?? [];
      unsealed.delete(task.job);
      return verify(batch, task.keys);
    }
    case 'seal':
      return { kind: 'sealed', parts: pack(sealed(unpack(task.messages))) };
  }
}

function verify(batch: readonly Attempt<Unsealed>[], keys: Packet): Answer {
  const refs = new Map(refsOf(unpack(keys)).map(ref => [hex(ref.keyId), ref]));
  const verified = verifier.verify(batch, refs, one => unsealer.remember(one));
  const special = new Map<number, Special>();
  const parts: Uint8Array[] = [];
  for (const [place, one] of verified.entries()) {
    if (!one.ok) {
      special.set(place, one.reason);
      continue;
    }
    const { proof, encoded } = one.value;
    const mark = proof.stranger ? 'stranger' : proof.oversize;
    if (mark !== undefined) special.set(place, mark);
    parts.push(proof.signer, proof.signed, proof.digest, encoded.head, encoded.map);
  }
  return { kind: 'opened', count: verified.length, special, parts: pack(parts) };
}

function sealed(parts: readonly Buffer[]): Uint8Array[] {
  if (!seal) throw new Error('no key to sign with');
  const messages = Array.from({ length: parts.length / 5 }, (_, i) => {
    const [head, map, ...ref] = parts.slice(5 * i, 5 * i + 5) as [Buffer, Buffer, ...Buffer[]];
    return { encoded: { head, map }, recipient: refsOf(ref)[0] as PublicKeyRef };
  });
  return seal(messages).flatMap(({ sdc, digest }) => [sdc, digest]);
}

/** From three parts each: key id, SubjectPublicKeyInfo, and certificate or nothing. */
function refsOf(parts: readonly Buffer[]): PublicKeyRef[] {
  return Array.from({ length: parts.length / 3 }, (_, i) => {
    const [keyId, spki, certificate] = parts.slice(3 * i, 3 * i + 3) as [Buffer, Buffer, Buffer];
    return { keyId, spki, ...(certificate.length > 0 ? { certificate } : {}) };
  });
}

function post(answer: Answer): void {
  const packet = answer.kind === 'signers' ? answer.ids : 'parts' in answer ? answer.parts : undefined;
  parentPort?.postMessage(answer, packet ? [packet.bytes] : []);
}
