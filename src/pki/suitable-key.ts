/** Which keys may seal, sign and be sealed to (docs/sdc.md): EC P-256, or RSA of a usual size. */
import type { KeyObject } from 'node:crypto';
import { XmError } from '../core/errors.ts';
import { isSuitableRsa } from '../core/rsa-key.ts';
import { itemsOf, oidOf } from './asn1.ts';
import { type Certificate, extensionsOf } from './certificate.ts';
import { extensionIds, hasUsage, keyUsage, purpose } from './extension.ts';

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

/**
 * Of one authority all clients have certificates: who holds one for clients alone is no server. Others' certificates for
 * mail alone name no such purpose. Throws as `requireSuitableCertificate` does.
 */
export function requireServerCertificate(certificate: Certificate): void {
  requireSuitableCertificate(certificate);
  const purposes = extensionsOf(certificate).get(extensionIds.extKeyUsage)?.value;
  const named = purposes ? itemsOf(purposes).map(oidOf) : [];
  if (!named.includes(purpose.clientAuth) || named.includes(purpose.serverAuth)) return;
  throw new XmError('certificate-usage', { subject: certificate.subject, usage: 'serverAuth' });
}
