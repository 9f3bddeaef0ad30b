/** Opens SDCs in this thread. For many at a time there is the pool. */
import { hex, type KeyId, type Message } from '../core/message.ts';
import type { Opener, OpenResult, PublicKeyRef } from '../core/ports.ts';
import { type Attempt, refusal } from './attempt.ts';
import { isStreamed, toDer } from './ber.ts';
import { decodePayload, inflatePayload } from './payload.ts';
import { readSignedData } from './signed-data.ts';
import { batchLimit } from './size-limit.ts';
import { type OpenerOptions, type Unsealed, Unsealer } from './unsealer.ts';
import { type Verified, Verifier } from './verifier.ts';

export type { OpenerOptions } from './unsealer.ts';

export function createOpener(options: OpenerOptions): Opener {
  const unsealer = new Unsealer(options);
  const verifier = new Verifier();

  return {
    async open(sdcs, signers) {
      const unsealed = unsealer.unseal(sdcs);
      const keys = await keysOf(signersOf(unsealed), signers);
      const verified = verifier.verify(unsealed, keys, one => unsealer.remember(one));
      return verified.map(opened);
    },
  };
}

/** The last step: what the message says. */
export function opened(verified: Attempt<Verified>): OpenResult {
  if (!verified.ok) return verified;
  const { proof, encoded } = verified.value;
  try {
    return { ok: true, ...proof, message: decodePayload(encoded) };
  } catch (error) {
    return refusal(error);
  }
}

/** The message in a SignedData that was verified when it came (`Opened.signed`). Refuses with `sdc-malformed`, `sdc-payload`. */
export function messageIn(signed: Uint8Array): Message {
  const bytes = Buffer.from(signed.buffer, signed.byteOffset, signed.byteLength);
  const { payload } = readSignedData(isStreamed(bytes) ? toDer(bytes) : bytes);
  return decodePayload(inflatePayload(Buffer.from(payload), batchLimit.map));
}

/** The key ids of those who signed, each once. */
export function signersOf(unsealed: readonly Attempt<Unsealed>[]): KeyId[] {
  const ids = new Map<string, KeyId>();
  for (const one of unsealed) if (one.ok) ids.set(hex(one.value.signed.signer), one.value.signed.signer);
  return [...ids.values()];
}

/** Asks once for the public keys of these signers; by key id in hexadecimal. */
export async function keysOf(
  ids: readonly KeyId[],
  signers: (ids: readonly KeyId[]) => Promise<readonly PublicKeyRef[]>,
): Promise<Map<string, PublicKeyRef>> {
  const known = ids.length > 0 ? await signers(ids) : [];
  return new Map(known.map(ref => [hex(ref.keyId), ref]));
}
