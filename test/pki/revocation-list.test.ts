import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { createAuthority, issueCertificate } from '../../src/pki/authority.ts';
import { certificatePem, readCertificate } from '../../src/pki/certificate.ts';
import { makeKey } from '../../src/pki/key-file.ts';
import {
  makeRevocationList,
  type RevocationReason,
  readRevocationList,
  revocationListPem,
} from '../../src/pki/revocation-list.ts';
import { Workspace } from './workspace.ts';

const day = 86_400_000;
const work = new Workspace();
afterAll(() => work.remove());

describe('our list', () => {
  const now = Math.floor(Date.now() / 1000) * 1000;
  const authority = createAuthority({ commonName: 'Centre national', now, years: 20 });
  const issue = () =>
    issueCertificate(authority, {
      subject: { commonName: 'Mbalmayo II', serialNumber: '1024' },
      publicKey: makeKey().publicKey,
      role: 'station',
      notBefore: now - day,
      notAfter: now + 100 * day,
    });
  const list = (serials: readonly (readonly [string, RevocationReason])[], nextUpdate = now + 30 * day) =>
    makeRevocationList(authority, {
      number: 300n,
      thisUpdate: now - 60_000,
      nextUpdate,
      revoked: serials.map(([serial, reason]) => ({ serial, at: now - 3_600_000, reason })),
    });
  beforeAll(() => void work.write('ca.crt', certificatePem(authority.certificate)));

  const verify = () =>
    work.tryOpenssl('verify -x509_strict -crl_check -CRLfile ca.crl -CAfile ca.crt one.crt');

  it('lets openssl pass a good certificate and refuse a revoked one', () => {
    const [good, bad] = [issue(), issue()];
    work.write('ca.crl', revocationListPem(list([[bad.serial, 'keyCompromise']])));
    work.write('one.crt', certificatePem(good));
    expect(verify().output).toContain('OK');
    work.write('one.crt', certificatePem(bad));
    expect(verify()).toMatchObject({ status: 2, message: expect.stringContaining('certificate revoked') });
  });

  it('may be empty', () => {
    work.write('ca.crl', revocationListPem(list([])));
    work.write('one.crt', certificatePem(issue()));
    expect(verify().output).toContain('OK');
  });

  it('ends: openssl refuses what is checked against an old one', () => {
    work.write('ca.crl', revocationListPem(list([], now - 1000)));
    work.write('one.crt', certificatePem(issue()));
    expect(verify()).toMatchObject({ status: 2, message: expect.stringContaining('CRL has expired') });
  });

  it('shows number, times and reasons as they were given', () => {
    work.write(
      'ca.crl',
      revocationListPem(
        list([
          ['4A', 'superseded'],
          ['4B', 'unspecified'],
          ['F0', 'privilegeWithdrawn'],
        ]),
      ),
    );
    const text = work.openssl('crl -in ca.crl -noout -text');
    expect(text).toMatch(/Version 2 .*\n.*ecdsa-with-SHA256/);
    expect(text).toMatch(/X509v3 CRL Number:\s+300\n/);
    expect(text).toMatch(/Serial Number: 4A\n[^S]*CRL Reason Code:\s+Superseded/);
    expect(text).toMatch(/Serial Number: F0\n[^S]*CRL Reason Code:\s+Privilege Withdrawn/);
    expect(text.match(/Reason Code/g)).toHaveLength(2);
    expect(work.tryOpenssl('crl -in ca.crl -CAfile ca.crt -noout').message).toContain('verify OK');
  });

  it('is read again', () => {
    const der = list([
      ['4A', 'superseded'],
      ['F0', 'unspecified'],
    ]);
    for (const form of [der, revocationListPem(der)]) {
      const read = readRevocationList(form);
      expect(read).toMatchObject({ number: 300n, thisUpdate: now - 60_000, nextUpdate: now + 30 * day });
      expect([...read.revoked.values()]).toEqual([
        { serial: '4A', at: now - 3_600_000, reason: 'superseded' },
        { serial: 'F0', at: now - 3_600_000, reason: 'unspecified' },
      ]);
      expect(read.isOf(authority.certificate)).toBe(true);
      expect(read.isOf(createAuthority({ commonName: 'Centre national', now, years: 1 }).certificate)).toBe(
        false,
      );
    }
  });

  it('is refused when a byte was changed, or believed to be of nobody', () => {
    const der = list([['4A', 'superseded']]);
    for (let at = 0; at < der.length; at++) {
      const changed = Buffer.from(der);
      changed[at] = (changed[at] as number) ^ 0x41;
      try {
        expect(readRevocationList(changed).isOf(authority.certificate), `byte ${at}`).toBe(false);
      } catch (error) {
        expect(error).toBeInstanceOf(XmError);
      }
    }
  });
});

describe('lists of other authorities', () => {
  beforeAll(() => {
    work.write('index.txt', '');
    work.write('crlnumber', '01\n');
    work.write(
      'ca.cnf',
      `[ca]\ndefault_ca=it\n[it]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=30\npolicy=any\nserial=serial\nnew_certs_dir=.\n[any]\ncommonName=supplied\n[crl_part]\nissuingDistributionPoint=critical,@idp\n[idp]\nonlyuser=TRUE\n[crl]\nauthorityKeyIdentifier=keyid\n`,
    );
    work.write('serial', '1000\n');
    work.openssl(
      'req -x509 -newkey rsa:2048 -nodes -keyout other.key -out other.crt -days 30 -subj /CN=Autre',
    );
    work.openssl('req -new -newkey rsa:2048 -nodes -keyout one.key -out one.csr -subj /CN=Un');
    work.openssl(
      'ca -batch -config ca.cnf -cert other.crt -keyfile other.key -days 9 -in one.csr -out one.crt',
    );
    work.openssl(
      'ca -config ca.cnf -cert other.crt -keyfile other.key -revoke one.crt -crl_reason keyCompromise',
    );
  });

  it('are read and verified', () => {
    work.openssl('ca -config ca.cnf -cert other.crt -keyfile other.key -crlexts crl -gencrl -out other.crl');
    const list = readRevocationList(work.read('other.crl'));
    expect(list.isOf(readCertificate(work.read('other.crt')))).toBe(true);
    expect([...list.revoked.values()]).toMatchObject([{ serial: '1000', reason: 'keyCompromise' }]);
  });

  it('are refused where they are about some certificates only', () => {
    work.openssl(
      'ca -config ca.cnf -cert other.crt -keyfile other.key -crlexts crl_part -gencrl -out part.crl',
    );
    expect(() => readRevocationList(work.read('part.crl'))).toThrow(
      expect.objectContaining({
        code: 'revocation-list-invalid',
        params: { detail: 'critical extension 2.5.29.28' },
      }),
    );
  });
});
