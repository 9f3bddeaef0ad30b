/** Which keys may seal, sign and be sealed to (docs/sdc.md): EC P-256, or RSA of 2 048 to 8 192 bits. */
import type { KeyObject } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { type Certificate, extensionsOf } from './certificate.ts';
import { hasUsage, keyUsage } from './extension.ts';

/** Throws `key-unsuitable`. Keys of authorities are not held to it: they only have to verify. */
export function requireSuitable(key: KeyObject): void {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  if (type === 'ec' && namedCurve === 'prime256v1') return;
  // Longer ones only cost: a message signed with 16 384 bits takes as long as a hundred others.
  if (type === 'rsa' && modulusLength !== undefined && modulusLength >= 2048 && modulusLength <= 8192) return;
  throw new XmError('key-unsuitable', {
    found: [type, namedCurve ?? modulusLength].filter(Boolean).join(' '),
  });
}

/**
 * A certificate from outside, whose key usages must let it sign, and be sealed to where anything is. Throws
 * `certificate-usage`, too.
 */
export function requireSuitableCertificate(certificate: Certificate, isSealedTo = true): void {
  requireSuitable(certificate.publicKey);
  const extensions = extensionsOf(certificate);
  const sealing = certificate.publicKey.asymmetricKeyType === 'rsa' ? 'keyEncipherment' : 'keyAgreement';
  const usages = isSealedTo ? (['digitalSignature', sealing] as const) : (['digitalSignature'] as const);
  for (const usage of usages) {
    if (hasUsage(extensions, keyUsage[usage])) continue;
    throw new XmError('certificate-usage', { subject: certificate.subject, usage });
  }
}
