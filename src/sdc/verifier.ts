/** The second half of opening: whether the signature is the signer's, and what the payload says. */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { LruMap } from '../core/lru.ts';
import { hex } from '../core/message.ts';
import { notAllowed } from './algorithm.ts';
import { keyIdOf } from './key-id.ts';
import { decodePayload, type EncodedMessage, inflatePayload } from './payload.ts';
import { signedBytes } from './signed-attributes.ts';
import type { Signed } from './signed-data.ts';
import { defaultMaxBytes, type Unsealed } from './unsealer.ts';

/** Public keys remembered; about 1 KB each. */
const keyLimit = 10_000;
const leastRsaBits = 2048;
/** What the longest payload may inflate to, of that length: text deflates to a third, an act to a sixth. */
const inflation = 4;

export interface Verified {
  readonly encoded: EncodedMessage;
  /** SHA-256 of the payload. */
  readonly digest: Buffer;
}

export class Verifier {
  readonly #keys = new LruMap<string, KeyObject>(keyLimit);
  readonly #maxMessageBytes: number;

  constructor(maxBytes = defaultMaxBytes) {
    this.#maxMessageBytes = inflation * maxBytes;
  }

  /**
   * `spki`: what the directory has under the signer's key id; undefined: nothing. The message that is returned has
   * been read once; decoding it again cannot fail. Refuses with `sdc-signer-unknown`, `sdc-signature`,
   * `sdc-algorithm`, `sdc-payload` or `sdc-not-for-us`.
   */
  verify({ signed, recipient }: Unsealed, spki: Uint8Array | undefined): Verified {
    const signer = hex(signed.signer);
    if (!spki) throw new XmError('sdc-signer-unknown', { signer });
    const key = this.#keys.get(signer) ?? signerKey(signer, spki);
    if (!isSigned(signed, key)) throw new XmError('sdc-signature');
    this.#keys.set(signer, key);
    const payload = Buffer.from(signed.payload.buffer, signed.payload.byteOffset, signed.payload.byteLength);
    const encoded = inflatePayload(payload, this.#maxMessageBytes);
    const message = decodePayload(encoded);
    // A message that its signer meant for somebody else, encrypted again by whoever could read it.
    if (hex(message.recipient) !== hex(recipient)) throw new XmError('sdc-not-for-us');
    return { encoded, digest: hash('sha256', payload, 'buffer') };
  }
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
