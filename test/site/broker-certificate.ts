/** TLS for a broker: an authority made anew, and a certificate of it that names the address, as an installation has. */
import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority } from '../../src/pki/authority.ts';
import { certificatePem } from '../../src/pki/certificate.ts';
import { makeKey } from '../../src/pki/key-file.ts';

/** Files in PEM. */
export interface BrokerCertificate {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** `address`: an IP address; our own authority issues certificates for names only, so OpenSSL signs this one. */
export function makeBrokerCertificate(folder: string, address: string): BrokerCertificate {
  const authority = createAuthority({ commonName: 'XMServer CA', now: Date.now(), years: 1 });
  const at = (name: string) => join(folder, name);
  const keep = (name: string, text: string | Buffer) => {
    writeFileSync(at(name), text, { mode: 0o600 });
    return at(name);
  };
  const files = {
    authority: keep('broker-authority.crt', certificatePem(authority.certificate)),
    certificate: at('broker.crt'),
    key: keep('broker.key', makeKey().privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
  const authorityKey = keep(
    'broker-authority.key',
    authority.privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  const extensions = keep(
    'broker.ext',
    `basicConstraints = critical, CA:false\nextendedKeyUsage = serverAuth\nsubjectAltName = IP:${address}\n`,
  );
  const request = openssl(['req', '-new', '-key', files.key, '-subj', '/CN=broker'], '');
  const signing = ['x509', '-req', '-days', '2', '-CA', files.authority, '-CAkey', authorityKey];
  openssl([...signing, '-CAcreateserial', '-extfile', extensions, '-out', files.certificate], request);
  // A broker that root starts reads them under an account of its own.
  chmodSync(files.key, 0o644);
  chmodSync(files.certificate, 0o644);
  return files;
}

function openssl(args: readonly string[], input: string): string {
  return execFileSync('openssl', args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
}
