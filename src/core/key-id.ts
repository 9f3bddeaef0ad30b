/** How certificates and SDCs name a key. */
import { createHash } from 'node:crypto';
import type { KeyId } from './message.ts';

/** First 8 bytes of SHA-256 over the DER SubjectPublicKeyInfo. */
export function keyIdOf(spki: Uint8Array): KeyId {
  return createHash('sha256').update(spki).digest().subarray(0, 8);
}
