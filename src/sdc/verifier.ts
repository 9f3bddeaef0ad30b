/** The second half of opening: whether the signature is the signer's, and the payload for us. */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { keyIdOf } from '../core/key-id.ts';
import { LruMap } from '../core/lru.ts';
import { hex, type Opened } from '../core/message.ts';
import type { PublicKeyRef } from '../core/ports.ts';
import { isSuitableRsa } from '../core/rsa-key.ts';
import { notAllowed } from './algorithm.ts';
import { type Attempt, attemptNext, attemptWhile } from './attempt.ts';
import { DerReader, Tag } from './der.ts';
import { requestedKey } from './enrolment.ts';
import { isOfService } from './message-map.ts';
import { decodePayload, type EncodedMessage, inflatePayload, recipientOf } from './payload.ts';
import { signedBytes } from './signed-attributes.ts';
import type { Signed } from './signed-data.ts';
import { heldLimit, limitOf, oversizeOf, strangerMap } from './size-limit.ts';
import type { Unsealed } from './unsealer.ts';

/** Public keys remembered; about 1 KB each. */
const keyLimit = 10_000;

/** What opened; its message is inflated and not read yet, for so it can go to another thread. */
export interface Verified {
  readonly proof: Omit<Opened, 'message'>;
  readonly encoded: EncodedMessage;
}

export class Verifier {
  readonly #keys = new LruMap<string, KeyObject>(keyLimit);

  /**
   * `keys`: what the directory has, by key id in hexadecimal. `onVerified` is told of each that a key of the directory
   * has signed; of strangers nothing is remembered.
   * What comes after `heldLimit` bytes inflated is left out.
   * Refuses with `sdc-signer-unknown`, `sdc-signature`, `sdc-algorithm`, `sdc-payload` or `sdc-not-for-us`.
   */
  verify(
    unsealed: readonly Attempt<Unsealed>[],
    keys: ReadonlyMap<string, PublicKeyRef>,
    onVerified: (unsealed: Unsealed) => void,
  ): Attempt<Verified>[] {
    const verified = attemptNext(unsealed, one => {
      const ref = keys.get(hex(one.signed.signer));
      // Who asked with a certificate of his own making asks again, the same bytes, when the key has its true one.
      if (!ref || !isRegistered(one.signed, ref)) return enrolling(one);
      this.#requireSignature(one.signed, ref);
      onVerified(one);
      return one;
    });
    let held = 0;
    return attemptWhile(
      verified,
      () => held < heldLimit,
      one => {
        const next = 'encoded' in one ? one : inflated(one, limitOf(one.isBatch).map);
        held += next.encoded.map.length;
        return next;
      },
    );
  }

  #requireSignature(signed: Signed, ref: PublicKeyRef): void {
    const signer = hex(signed.signer);
    const known = this.#keys.get(signer);
    const key = known ?? signerKey(signed, ref.spki);
    if (!isSigned(signed, key)) throw new XmError('sdc-signature');
    if (!known) this.#keys.set(signer, key);
  }
}

function inflated({ signed, bytes, recipient, size }: Unsealed, maxMap: number): Verified {
  const payload = Buffer.from(signed.payload.buffer, signed.payload.byteOffset, signed.payload.byteLength);
  const encoded = inflatePayload(payload, maxMap);
  // A message that its signer meant for somebody else, encrypted again by whoever could read it.
  if (!recipientOf(encoded).equals(recipient)) throw new XmError('sdc-not-for-us');
  const oversize = oversizeOf({ der: size, map: encoded.map.length });
  const proof = { signer: signed.signer, signed: bytes, digest: sha256(payload) };
  return { proof: oversize === undefined ? proof : { ...proof, oversize }, encoded };
}

/** In Buffer's pool: a digest of node:crypto's own has its own memory, which costs more than the hashing. */
function sha256(payload: Buffer): Buffer {
  return Buffer.from(hash('sha256', payload, 'binary'), 'latin1');
}

/**
 * An ENROL that is signed by the key in its own request, the one thing that a key may say which nobody knows. Whatever
 * else such a key has signed is `sdc-signer-unknown`, whether or not it can be read.
 */
function enrolling(unsealed: Unsealed): Verified {
  const { signed } = unsealed;
  const asked = requestIn(unsealed);
  if (!asked) throw unknown(signed);
  if (!isSigned(signed, signerKey(signed, asked.spki))) throw new XmError('sdc-signature');
  const { proof, encoded } = asked.verified;
  return { proof: { ...proof, stranger: true }, encoded };
}

function requestIn(unsealed: Unsealed): { verified: Verified; spki: Buffer } | undefined {
  try {
    const verified = inflated(unsealed, strangerMap);
    if (verified.proof.oversize !== undefined) return undefined;
    // No other message is looked into: reading some of them fills a cache.
    if (!isOfService(verified.encoded.map, 'ENROL')) return undefined;
    const message = decodePayload(verified.encoded);
    return message.service === 'ENROL' ? { verified, spki: requestedKey(message.request) } : undefined;
  } catch (error) {
    if (error instanceof XmError) return undefined;
    throw error;
  }
}

function unknown({ signer }: Signed): XmError {
  return new XmError('sdc-signer-unknown', { signer: hex(signer) });
}

/**
 * A certificate that travels is signed by its issuer and not by the signer: where the directory has it, it must be the
 * same, byte for byte, or what is kept as proof could be another's work.
 */
function isRegistered(signed: Signed, { certificate }: PublicKeyRef): boolean {
  if (signed.kind === 'plain' || !certificate) return true;
  const registered = new DerReader(Buffer.from(certificate));
  while (registered.peek !== undefined) {
    if (registered.element(Tag.sequence, 'certificate').equals(signed.certificate)) return true;
  }
  return false;
}

function isSigned(signed: Signed, key: KeyObject): boolean {
  // One signing mode per key; and RSA never verifies what is meant for ECDSA, nor the other way round.
  if (key.asymmetricKeyType !== (signed.kind === 'plain' ? 'ec' : 'rsa')) throw notAllowed('signature');
  const bytes = signed.kind === 'plain' ? signed.payload : signedBytes(signed.attributes);
  return verify('sha256', bytes, key, signed.signature);
}

function signerKey(signed: Signed, spki: Uint8Array): KeyObject {
  if (hex(keyIdOf(spki)) !== hex(signed.signer)) throw unknown(signed);
  const key = publicKey(spki);
  const details = key.asymmetricKeyDetails ?? {};
  if (!(key.asymmetricKeyType === 'ec' ? details.namedCurve === 'prime256v1' : isSuitableRsa(details))) {
    throw notAllowed('signer key');
  }
  return key;
}

function publicKey(spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    throw notAllowed('signer key');
  }
}
