/** Which keys may seal, sign and be sealed to (docs/sdc.md): EC P-256, or RSA of a usual size. */
import type { KeyObject } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { isSuitableRsa } from '../core/rsa-key.ts';
import { type Certificate, extensionsOf } from './certificate.ts';
import { hasUsage, keyUsage } from './extension.ts';

/** Throws `key-unsuitable`. Keys of authorities are not held to it: they only have to verify. */
export function requireSuitable(key: KeyObject): void {
  const details = key.asymmetricKeyDetails ?? {};
  const { namedCurve, modulusLength, publicExponent } = details;
  const type = key.asymmetricKeyType;
  if (type === 'ec' && namedCurve === 'prime256v1') return;
  if (type === 'rsa' && isSuitableRsa(details)) return;
  // An exponent is told where it is what others have not.
  const odd = publicExponent !== undefined && publicExponent !== 65_537n ? `e=${publicExponent}` : undefined;
  throw new XmError('key-unsuitable', {
    found: [type, namedCurve ?? modulusLength, odd].filter(Boolean).join(' ').slice(0, 60),
  });
}

/** A certificate from outside, whose key usages must let it sign and be sealed to. Throws `certificate-usage`, too. */
export function requireSuitableCertificate(certificate: Certificate): void {
  requireSuitable(certificate.publicKey);
  const extensions = extensionsOf(certificate);
  const sealing = certificate.publicKey.asymmetricKeyType === 'rsa' ? 'keyEncipherment' : 'keyAgreement';
  for (const usage of ['digitalSignature', sealing] as const) {
    if (hasUsage(extensions, keyUsage[usage])) continue;
    throw new XmError('certificate-usage', { subject: certificate.subject, usage });
  }
}
