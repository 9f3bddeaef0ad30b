import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { createAuthority, issueCertificate } from '../../src/pki/authority.ts';
import { spkiOf } from '../../src/pki/certificate.ts';
import { makeKey } from '../../src/pki/key-file.ts';
import { makeRequest, readRequest, requestPem, spokenFingerprint } from '../../src/pki/request.ts';
import { Workspace } from './workspace.ts';

const work = new Workspace();
afterAll(() => work.remove());

const subject = { commonName: 'Mairie de Yaoundé II', serialNumber: '1025' };

describe.each(['ec', 'rsa'] as const)('a request, %s', kind => {
  const keys = makeKey(kind);
  const der = makeRequest(keys, subject);

  it('is one for openssl', () => {
    work.write('one.csr', requestPem(der));
    expect(work.tryOpenssl('req -in one.csr -verify -noout').message).toContain('verify OK');
    expect(work.openssl('req -in one.csr -noout -subject -nameopt utf8,-esc_msb,sname')).toContain(
      'CN=Mairie de Yaoundé II, serialNumber=1025',
    );
  });

  it('is read again, DER or text, and becomes a certificate', () => {
    for (const form of [der, requestPem(der), requestPem(der).replaceAll('CERTIFICATE', 'NEW CERTIFICATE')]) {
      const request = readRequest(form);
      expect(request).toMatchObject({ subject, fingerprint: spokenFingerprint(spkiOf(keys.publicKey)) });
      expect(request.publicKey.equals(keys.publicKey)).toBe(true);
    }
    const now = Date.now();
    const authority = createAuthority({ commonName: 'Centre', now, years: 1 });
    const request = readRequest(der);
    const certificate = issueCertificate(authority, {
      ...request,
      role: 'station',
      notBefore: now,
      notAfter: now + 1e9,
    });
    expect(certificate).toMatchObject({
      keyId: request.keyId,
      subject: 'CN=Mairie de Yaoundé II, serialNumber=1025',
    });
  });

  it('is refused when a byte of it was changed', () => {
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(der);
        changed[at] = (changed[at] as number) ^ change;
        expect(() => readRequest(changed)).toThrow(XmError);
      }),
      { numRuns: 300 },
    );
  });
});

describe('requests of openssl', () => {
  it.each([
    ['ec', '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha256'],
    ['ec with SHA-384', '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -sha384'],
    ['rsa', '-newkey rsa:2048 -sha256'],
    ['rsa with extensions asked for', '-newkey rsa:3072 -sha512 -addext subjectAltName=DNS:exemple.cm'],
  ])('%s: taken', (_name, options) => {
    work.openssl(
      `req -new ${options} -nodes -keyout k.key -out r.csr -utf8 -subj /C=CM/CN=Éducation/serialNumber=7`,
    );
    expect(readRequest(work.read('r.csr')).subject).toEqual({ commonName: 'Éducation', serialNumber: '7' });
  });

  it.each([
    ['a key too short', '-newkey rsa:1024', 'key-unsuitable'],
    ['another curve', '-newkey ec -pkeyopt ec_paramgen_curve:secp256k1', 'key-unsuitable'],
    ['SHA-1', '-newkey rsa:2048 -sha1', 'request-invalid'],
    ['no common name', '-newkey rsa:2048 -subj /O=Mairie', 'request-invalid'],
  ])('%s: refused', (_name, options, code) => {
    work.openssl(`req -new -subj /CN=Mairie ${options} -nodes -keyout k.key -out r.csr`);
    expect(() => readRequest(work.read('r.csr'))).toThrow(expect.objectContaining({ code }));
  });
});

it('the spoken fingerprint is what its description says', () => {
  const { publicKey } = makeKey();
  const hash = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  const spoken = spokenFingerprint(spkiOf(publicKey));
  expect(spoken).toMatch(/^(\d{5} ){7}\d{5}$/);
  expect(BigInt(spoken.replaceAll(' ', ''))).toBe(BigInt(`0x${hash}`) % 10n ** 40n);
});
