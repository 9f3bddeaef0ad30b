import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { hex } from '../../src/core/message.ts';
import { type Authority, createAuthority, issueCertificate, type Role } from '../../src/pki/authority.ts';
import { certificatePem, readCertificate, readCertificates } from '../../src/pki/certificate.ts';
import { makeKey } from '../../src/pki/key-file.ts';
import { requireSuitable } from '../../src/pki/suitable-key.ts';
import { Workspace } from './workspace.ts';

const day = 86_400_000;
const work = new Workspace();
const now = Date.now();
let authority: Authority;

beforeAll(() => {
  authority = createAuthority({ commonName: 'Centre national', now, years: 20 });
  work.write('ca.crt', certificatePem(authority.certificate));
});
afterAll(() => work.remove());

const issue = (role: Role, kind: 'ec' | 'rsa' = 'ec') => {
  const { publicKey, privateKey } = makeKey(kind);
  const certificate = issueCertificate(authority, {
    subject: { commonName: 'Mairie de Yaoundé II', serialNumber: '1025' },
    publicKey,
    role,
    notBefore: now,
    notAfter: now + 1000 * day,
  });
  return { certificate, publicKey, privateKey };
};

const listener = (hosts: readonly string[]) =>
  issueCertificate(authority, {
    subject: { commonName: 'broker' },
    publicKey: makeKey('ec').publicKey,
    role: 'listener',
    hosts,
    notBefore: now,
    notAfter: now + 1000 * day,
  });

describe('authority', () => {
  it('is a root that openssl takes, strictly', () => {
    expect(work.openssl('verify -x509_strict -CAfile ca.crt ca.crt')).toContain('OK');
    const text = work.openssl('x509 -in ca.crt -noout -text');
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0/);
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    expect(authority.certificate).toMatchObject({ isAuthority: true, subject: 'CN=Centre national' });
  });

  it.each([
    ['server', 'ec', 'Digital Signature, Key Agreement', 'sslserver'],
    ['server', 'rsa', 'Digital Signature, Key Encipherment', 'sslserver'],
    ['station', 'ec', 'Digital Signature, Key Agreement', 'sslclient'],
    ['station', 'rsa', 'Digital Signature, Key Encipherment', 'sslclient'],
    ['operator', 'ec', 'Digital Signature, Key Agreement', 'sslclient'],
    ['signatory', 'ec', 'Digital Signature, Non Repudiation', 'smimesign'],
  ] as const)(
    'issues a %s certificate for %s that openssl takes, strictly',
    (role, kind, usages, purpose) => {
      const { certificate } = issue(role, kind);
      work.write('one.crt', certificatePem(certificate));
      for (const wanted of [purpose, 'smimesign'])
        expect(work.openssl(`verify -x509_strict -purpose ${wanted} -CAfile ca.crt one.crt`)).toContain('OK');
      const text = work.openssl('x509 -in one.crt -noout -text');
      expect(text).toContain('Version: 3 (0x2)');
      expect(text).toContain(`${usages}\n`);
      expect(text).toContain('CA:FALSE');
      expect(certificate).toMatchObject({
        isAuthority: false,
        subject: 'CN=Mairie de Yaoundé II, serialNumber=1025',
        issuer: 'CN=Centre national',
        notBefore: Math.floor(now / 1000) * 1000,
        notAfter: Math.floor((now + 1000 * day) / 1000) * 1000,
      });
    },
  );

  it.each([
    ['mq.example.cm', 'DNS:mq.example.cm'],
    ['*.Example.CM', 'DNS:*.example.cm'],
    ['yaoundé.cm', 'DNS:xn--yaound-gva.cm'],
    ['10.0.0.5', 'IP Address:10.0.0.5'],
    ['::1', 'IP Address:0:0:0:0:0:0:0:1'],
    ['2001:DB8::5:0:1', 'IP Address:2001:DB8:0:0:0:5:0:1'],
    ['fe80::', 'IP Address:FE80:0:0:0:0:0:0:0'],
    ['::ffff:10.0.0.5', 'IP Address:0:0:0:0:0:FFFF:A00:5'],
  ])('certifies that a listener is called %s', (host, shown) => {
    work.write('host.crt', certificatePem(listener([host])));
    expect(work.openssl('verify -x509_strict -purpose sslserver -CAfile ca.crt host.crt')).toContain('OK');
    const text = work.openssl('x509 -in host.crt -noout -text');
    expect(text).toContain(`Subject Alternative Name: \n                ${shown}\n`);
    expect(text).toMatch(/Extended Key Usage: \n +TLS Web Server Authentication\n/);
  });

  it.each([
    '',
    'a b',
    'mq..cm',
    '-a.cm',
    'a_b.cm',
    '*',
    'a.*.cm',
    '1.2.3',
    '256.1.1.1',
    'fe80::1%eth0',
    'a/b',
    'x:1',
  ])('certifies no host of the name "%s"', host => {
    expect(() => listener([host])).toThrow(expect.objectContaining({ code: 'host-name', params: { host } }));
  });

  it('names the key by 8 bytes that openssl and the SubjectPublicKeyInfo agree on', () => {
    const { certificate } = issue('station');
    work.write('one.crt', certificatePem(certificate));
    const spki = work.openssl('x509 -in one.crt -noout -pubkey');
    expect(Buffer.from(spki.replace(/-----[^-]+-----|\s/g, ''), 'base64').equals(certificate.spki)).toBe(
      true,
    );
    expect(certificate.keyId).toEqual(createHash('sha256').update(certificate.spki).digest().subarray(0, 8));
    const ski = /Subject Key Identifier:\s+([0-9A-F:]+)/.exec(work.openssl('x509 -in one.crt -noout -text'));
    expect(ski?.[1]?.replaceAll(':', '').toLowerCase()).toBe(hex(certificate.keyId));
    const fingerprint = work.openssl('x509 -in one.crt -noout -fingerprint -sha256').trim();
    expect(fingerprint.split('=')[1]).toBe(certificate.fingerprint);
    expect(work.openssl('x509 -in one.crt -noout -serial').trim()).toBe(`serial=${certificate.serial}`);
  });

  it('gives positive serial numbers of constant length, never one twice', () => {
    const serials = Array.from({ length: 50 }, () => issue('station').certificate.serial);
    expect(new Set(serials).size).toBe(50);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('writes dates as RFC 5280 wants them: UTCTime through 2049, GeneralizedTime after', () => {
    const long = createAuthority({ commonName: 'Longue', now, years: 60 });
    const { publicKey } = makeKey();
    const until = (notAfter: number) =>
      issueCertificate(long, {
        subject: { commonName: 'x' },
        publicKey,
        role: 'server',
        notBefore: now,
        notAfter,
      });
    const last = until(Date.UTC(2049, 11, 31, 23, 59, 59));
    const first = until(Date.UTC(2050, 0, 1));
    for (const [certificate, tag] of [
      [last, 'UTCTIME           :491231235959Z'],
      [first, 'GENERALIZEDTIME   :20500101000000Z'],
    ] as const)
      expect(work.openssl('asn1parse -inform DER', certificate.der)).toContain(tag);
    expect(first.notAfter).toBe(Date.UTC(2050, 0, 1));
  });

  it('cuts the period to its own, and refuses an empty one', () => {
    const { publicKey } = makeKey();
    const order = { subject: { commonName: 'x' }, publicKey, role: 'server' as const };
    const wide = issueCertificate(authority, { ...order, notBefore: 0, notAfter: now + 9000 * day });
    expect(wide.notBefore).toBe(authority.certificate.notBefore);
    expect(wide.notAfter).toBe(authority.certificate.notAfter);
    expect(() => issueCertificate(authority, { ...order, notBefore: now, notAfter: now })).toThrow(
      expect.objectContaining({ code: 'certificate-invalid' }),
    );
  });

  it('cuts long names at 64 characters and keeps all alphabets', () => {
    const { publicKey } = makeKey();
    const commonName = `Élève-Ŋgɔ ${'é'.repeat(80)}`;
    const { der } = issueCertificate(authority, {
      subject: { commonName },
      publicKey,
      role: 'station',
      notBefore: now,
      notAfter: now + day,
    });
    const text = work.openssl('x509 -inform DER -noout -subject -nameopt utf8,-esc_msb', der);
    expect(text).toContain(commonName.slice(0, 64));
    expect(text).not.toContain(commonName.slice(0, 65));
  });

  it.each([
    ['ec', { namedCurve: 'P-384' }, 'ec secp384r1'],
    ['rsa', { modulusLength: 1024 }, 'rsa 1024'],
  ])('refuses a key that may not seal: %s %o', (type, options, found) => {
    const { publicKey } = generateKeyPairSync(type as 'ec', options as { namedCurve: string });
    expect(() =>
      issueCertificate(authority, {
        subject: { commonName: 'x' },
        publicKey,
        role: 'server',
        notBefore: now,
        notAfter: now + day,
      }),
    ).toThrow(expect.objectContaining({ code: 'key-unsuitable', params: { found } }));
  });

  it.each([
    ['01', 'rsa 2048 e=1'],
    ['0100000001', 'rsa 2048 e=4294967297'],
  ])(
    'refuses an RSA key that everybody can sign with, or that costs whoever verifies: e = %s',
    (hex, found) => {
      const { n } = makeKey('rsa').publicKey.export({ format: 'jwk' });
      const e = Buffer.from(hex, 'hex').toString('base64url');
      const key = createPublicKey({ key: { kty: 'RSA', n: n as string, e }, format: 'jwk' });
      expect(() => requireSuitable(key)).toThrow(
        expect.objectContaining({ code: 'key-unsuitable', params: { found } }),
      );
    },
  );
});

describe('readCertificate', () => {
  it('reads DER, PEM, and PEM with text around it', () => {
    const { certificate } = issue('station');
    for (const form of [
      certificate.der,
      certificatePem(certificate),
      Buffer.from(certificatePem(certificate)),
      `Certificate:\r\n  whatever\r\n${certificatePem(certificate).replaceAll('\n', '\r\n')}`,
    ])
      expect(readCertificate(form)).toEqual(certificate);
    expect(
      readCertificates(certificatePem(certificate) + certificatePem(authority.certificate)),
    ).toHaveLength(2);
  });

  it('refuses everything else', () => {
    const { certificate } = issue('station');
    const damaged = Buffer.from(certificate.der);
    damaged.writeUInt8(0xff, 4);
    for (const bytes of [
      '',
      'abc',
      Uint8Array.of(),
      damaged,
      Buffer.concat([certificate.der, Buffer.of(0)]),
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
    ])
      expect(() => readCertificate(bytes)).toThrow(XmError);
  });
});
