/** The second half of opening: whether the signature is the signer's, and the payload for us. */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { keyIdOf } from '../core/key-id.ts';
import { LruMap } from '../core/lru.ts';
import { hex, type Opened } from '../core/message.ts';
import type { PublicKeyRef } from '../core/ports.ts';
import { notAllowed } from './algorithm.ts';
import { type Attempt, attemptNext } from './attempt.ts';
import { type EncodedMessage, inflatePayload, recipientOf } from './payload.ts';
import { signedBytes } from './signed-attributes.ts';
import type { Signed } from './signed-data.ts';
import { defaultMaxBytes, type Unsealed } from './unsealer.ts';

/** Public keys remembered; about 1 KB each. */
const keyLimit = 10_000;
const leastRsaBits = 2048;
/** What the longest payload may inflate to, of that length: text deflates to a third, an act to a sixth. */
const inflation = 4;

/** What `Opened` is, but for the message, which is inflated and not read yet: so it can go to another thread. */
export interface Verified extends Omit<Opened, 'message'> {
  readonly encoded: EncodedMessage;
}

export class Verifier {
  readonly #keys = new LruMap<string, KeyObject>(keyLimit);
  readonly #maxMessageBytes: number;

  constructor(maxBytes = defaultMaxBytes) {
    this.#maxMessageBytes = inflation * maxBytes;
  }

  /**
   * `keys`: what the directory has, by key id in hexadecimal. `onVerified` is told of each whose signature is right.
   * Refuses with `sdc-signer-unknown`, `sdc-signature`, `sdc-algorithm`, `sdc-payload` or `sdc-not-for-us`.
   */
  verify(
    unsealed: readonly Attempt<Unsealed>[],
    keys: ReadonlyMap<string, PublicKeyRef>,
    onVerified: (unsealed: Unsealed) => void,
  ): Attempt<Verified>[] {
    const verified = attemptNext(unsealed, one => {
      this.#requireSignature(one.signed, keys);
      onVerified(one);
      return one;
    });
    return attemptNext(verified, one => this.#inflated(one));
  }

  #requireSignature(signed: Signed, keys: ReadonlyMap<string, PublicKeyRef>): void {
    const signer = hex(signed.signer);
    const ref = keys.get(signer);
    if (!ref || !isRegistered(signed, ref)) throw new XmError('sdc-signer-unknown', { signer });
    const key = this.#keys.get(signer) ?? signerKey(signer, ref.spki);
    if (!isSigned(signed, key)) throw new XmError('sdc-signature');
    this.#keys.set(signer, key);
  }

  #inflated({ signed, bytes, recipient }: Unsealed): Verified {
    const payload = Buffer.from(signed.payload.buffer, signed.payload.byteOffset, signed.payload.byteLength);
    const encoded = inflatePayload(payload, this.#maxMessageBytes);
    // A message that its signer meant for somebody else, encrypted again by whoever could read it.
    if (!recipientOf(encoded).equals(recipient)) throw new XmError('sdc-not-for-us');
    return { signer: signed.signer, signed: bytes, encoded, digest: hash('sha256', payload, 'buffer') };
  }
}

/**
 * A certificate that travels is signed by its issuer and not by the signer: where the directory has it, it must be the
 * same, byte for byte, or what is kept as proof could be another's work.
 */
function isRegistered(signed: Signed, { certificate }: PublicKeyRef): boolean {
  return signed.kind === 'plain' || !certificate || Buffer.compare(signed.certificate, certificate) === 0;
}

function isSigned(signed: Signed, key: KeyObject): boolean {
  // One signing mode per key; and RSA never verifies what is meant for ECDSA, nor the other way round.
  if (key.asymmetricKeyType !== (signed.kind === 'plain' ? 'ec' : 'rsa')) throw notAllowed('signature');
  const bytes = signed.kind === 'plain' ? signed.payload : signedBytes(signed.attributes);
  return verify('sha256', bytes, key, signed.signature);
}

function signerKey(signer: string, spki: Uint8Array): KeyObject {
  if (hex(keyIdOf(spki)) !== signer) throw new XmError('sdc-signer-unknown', { signer });
  const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec' ? namedCurve !== 'prime256v1' : modulusLength < leastRsaBits) {
    throw notAllowed('signer key');
  }
  return key;
}
