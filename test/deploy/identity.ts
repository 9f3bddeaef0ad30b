/** Key and certificate of a broker on this machine, as `xmserver pki broker-cert --host localhost` makes them. */
import { createAuthority, issueCertificate } from '../../src/pki/authority.ts';
import { certificatePem } from '../../src/pki/certificate.ts';
import { makeKey } from '../../src/pki/key-file.ts';

export interface BrokerIdentity {
  /** PEM. */
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** Under an authority of its own, new with each call. */
export function brokerIdentity(hosts: readonly string[] = ['localhost']): BrokerIdentity {
  const now = Date.now();
  const authority = createAuthority({ commonName: 'XMServer CA', now, years: 1 });
  const { publicKey, privateKey } = makeKey();
  const certificate = issueCertificate(authority, {
    subject: { commonName: 'localhost' },
    publicKey,
    role: 'listener',
    hosts,
    notBefore: now - 3_600_000,
    notAfter: now + 86_400_000,
  });
  return {
    authority: certificatePem(authority.certificate),
    certificate: certificatePem(certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
