/** How certificates and SDCs name a key. */
import { hash } from 'node:crypto';
import type { KeyId } from './message.ts';

/** First 8 bytes of SHA-256 over the DER SubjectPublicKeyInfo. */
export function keyIdOf(spki: Uint8Array): KeyId {
  return hash('sha256', spki, 'buffer').subarray(0, 8);
}
