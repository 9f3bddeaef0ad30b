/** Opens SDCs in this thread. For many at a time there is the pool. */
import { hex, type KeyId } from '../core/message.ts';
import type { Opener, OpenResult, PublicKeyRef } from '../core/ports.ts';
import { type Attempt, attempt } from './attempt.ts';
import { decodePayload } from './payload.ts';
import { type OpenerOptions, type Unsealed, Unsealer } from './unsealer.ts';
import { Verifier } from './verifier.ts';

export type { OpenerOptions } from './unsealer.ts';

export function createOpener(options: OpenerOptions): Opener {
  const unsealer = new Unsealer(options);
  const verifier = new Verifier(options.maxBytes);

  function opened(unsealed: Unsealed, spkis: ReadonlyMap<string, Uint8Array>): OpenResult & { ok: true } {
    const { signed, bytes } = unsealed;
    const { encoded, digest } = verifier.verify(unsealed, spkis.get(hex(signed.signer)));
    unsealer.remember(unsealed);
    return { ok: true, signer: signed.signer, message: decodePayload(encoded), signed: bytes, digest };
  }

  return {
    async open(sdcs, signers) {
      const unsealed = unsealer.unseal(sdcs);
      const spkis = await keysOf(signersOf(unsealed), signers);
      return unsealed.map((one): OpenResult => {
        if (!one.ok) return one;
        const attempted = attempt(() => opened(one.value, spkis));
        return attempted.ok ? attempted.value : attempted;
      });
    },
  };
}

/** The key ids of those who signed, each once. */
export function signersOf(unsealed: readonly Attempt<Unsealed>[]): KeyId[] {
  const ids = new Map<string, KeyId>();
  for (const one of unsealed) if (one.ok) ids.set(hex(one.value.signed.signer), one.value.signed.signer);
  return [...ids.values()];
}

/** Asks once for the public keys of these signers: DER SubjectPublicKeyInfo by key id in hexadecimal. */
export async function keysOf(
  ids: readonly KeyId[],
  signers: (ids: readonly KeyId[]) => Promise<readonly PublicKeyRef[]>,
): Promise<Map<string, Uint8Array>> {
  const known = ids.length > 0 ? await signers(ids) : [];
  return new Map(known.map(({ keyId, spki }) => [hex(keyId), spki]));
}
