/** Whose the certificates of a broker are: what the journal and the screens tell of a PEM text. */
import { X509Certificate } from 'node:crypto';
import { XmError } from '../errors.ts';

export interface CertificateFacts {
  /** `CN=XMServer CA` */
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256: hexadecimal pairs with colons. */
  readonly fingerprint: string;
}

/** In the order of the text; at least one. Throws `certificate-invalid`. */
export function certificateFacts(pem: string): CertificateFacts[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new XmError('certificate-invalid', { detail: 'no certificate' });
  return blocks.map(factsOf);
}

/** `CN=XMServer CA`: all of them, as people know them. */
export function subjectsOf(pem: string): string {
  return certificateFacts(pem)
    .map(({ subject }) => subject)
    .join('; ');
}

function factsOf(block: string): CertificateFacts {
  try {
    const { subject, validFromDate, validToDate, fingerprint256 } = new X509Certificate(block);
    return {
      // Node puts each part of a name on a line of its own; an empty name is undefined.
      subject: ((subject as string | undefined) ?? '').split('\n').join(', '),
      notBefore: validFromDate.getTime(),
      notAfter: validToDate.getTime(),
      fingerprint: fingerprint256,
    };
  } catch (error) {
    throw new XmError('certificate-invalid', { detail: (error as Error).message }, { cause: error });
  }
}
