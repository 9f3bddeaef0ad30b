import { afterAll, expect, it } from 'vitest';
import { namedBits, sequence } from '../../src/pki/asn1.ts';
import { extensionsOf, readCertificate } from '../../src/pki/certificate.ts';
import { extension, keyUsage, readExtensions } from '../../src/pki/extension.ts';
import { requireSuitableCertificate } from '../../src/pki/suitable-key.ts';
import { Workspace } from './workspace.ts';

const work = new Workspace();
afterAll(() => work.remove());

function certificateWith(extensions: string) {
  work.write('ext', extensions);
  work.openssl('req -new -newkey rsa:2048 -nodes -keyout x.key -out x.csr -subj /CN=x');
  work.openssl('x509 -req -in x.csr -signkey x.key -extfile ext -out x.crt -days 10');
  return readCertificate(work.read('x.crt'));
}

it('an extension that stands there twice is refused: who reads the first and who reads the last would differ', () => {
  const usage = (bit: number) => extension('keyUsage', true, namedBits(bit));
  const list = sequence(usage(keyUsage.digitalSignature), usage(keyUsage.keyCertSign));
  expect(() => readExtensions(list)).toThrow('extension 2.5.29.15 twice');
});

it('what is in an extension that nobody here knows is its own affair', () => {
  const certificate = certificateWith('keyUsage=digitalSignature,keyEncipherment\n1.2.3.4.5=DER:68656C6C6F');
  expect(extensionsOf(certificate).get('1.2.3.4.5')).toEqual({ critical: false, value: undefined });
  requireSuitableCertificate(certificate);
});

it('one that is known and cannot be read makes the certificate invalid', () => {
  const certificate = certificateWith('2.5.29.32=DER:68656C6C6F');
  expect(() => requireSuitableCertificate(certificate)).toThrow(
    expect.objectContaining({ code: 'certificate-invalid' }),
  );
});
