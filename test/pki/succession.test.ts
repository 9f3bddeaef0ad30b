import { afterAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority, issueCertificate } from '../../src/pki/authority.ts';
import { type Certificate, certificatePem } from '../../src/pki/certificate.ts';
import { verifyChain } from '../../src/pki/chain.ts';
import { makeKey } from '../../src/pki/key-file.ts';
import { KeyStore } from '../../src/pki/key-store.ts';
import { makeRevocationList, readRevocationList, revocationListPem } from '../../src/pki/revocation-list.ts';
import { succeed } from '../../src/pki/succession.ts';
import { Workspace } from './workspace.ts';

const day = 86_400_000;
const now = Date.now();
const work = new Workspace();
afterAll(() => work.remove());

function station(authority: Authority, notAfter = now + 700 * day): Certificate {
  const { publicKey } = makeKey('ec');
  const subject = { commonName: 'Mbalmayo II', serialNumber: '1024' };
  return issueCertificate(authority, { subject, publicKey, role: 'station', notBefore: now, notAfter });
}

const list = (authority: Authority, serials: readonly string[], number: bigint) =>
  makeRevocationList(authority, {
    number,
    thisUpdate: now - 1_000,
    nextUpdate: now + 30 * day,
    revoked: serials.map(serial => ({ serial, at: now - 2_000, reason: 'superseded' })),
  });

const old = createAuthority({ commonName: 'Centre national', now: now - 10 * 365 * day, years: 20 });
const { authority: young, crosses } = succeed(old, { now, years: 20 });
const [forward, back] = crosses;
const byOld = station(old);
const byYoung = station(young);

describe('a root that succeeds another', () => {
  it.each([
    ['old', old, byYoung, forward],
    ['new', young, byOld, back],
  ] as const)(
    'leads who trusts the %s one alone to what the other has issued',
    (_, trusted, certificate, cross) => {
      const trust = (intermediates: readonly Certificate[]) => ({
        anchors: [trusted.certificate],
        intermediates,
        revocationLists: [],
      });
      expect(verifyChain(certificate, trust([cross]), now)).toHaveLength(3);
      expect(() => verifyChain(certificate, trust([]), now)).toThrow(
        expect.objectContaining({ code: 'issuer-unknown' }),
      );
      work.write('root.crt', certificatePem(trusted.certificate));
      work.write('cross.crt', certificatePem(cross));
      work.write('one.crt', certificatePem(certificate));
      expect(work.openssl('verify -x509_strict -CAfile root.crt -untrusted cross.crt one.crt')).toContain(
        'OK',
      );
      expect(cross).toMatchObject({ notAfter: old.certificate.notAfter, isAuthority: true });
    },
  );

  it('is the same authority to a revocation list: each key signs one, and withdraws what it names', () => {
    const lists = [list(old, [byOld.serial], 1n), list(young, [byOld.serial], 2n)];
    work.write('lists.crl', lists.map(revocationListPem).join(''));
    work.write('roots.crt', certificatePem(young.certificate, old.certificate));
    work.write('cross.crt', certificatePem(forward, back));
    const verify = (certificate: Certificate, roots: readonly Certificate[]) => {
      work.write('one.crt', certificatePem(certificate));
      work.write('some.crt', certificatePem(...roots));
      return work.tryOpenssl(
        'verify -x509_strict -crl_check -CRLfile lists.crl -CAfile some.crt -untrusted cross.crt one.crt',
      );
    };
    const roots = [young.certificate, old.certificate];
    for (const some of [roots, roots.slice(0, 1), roots.slice(1)]) {
      expect(verify(byYoung, some).message).toBe('');
      expect(verify(byOld, some).message).toContain('certificate revoked');
      const trust = {
        anchors: some,
        intermediates: crosses,
        revocationLists: lists.map(readRevocationList),
      };
      expect(verifyChain(byYoung, trust, now).length).toBeGreaterThan(1);
      expect(() => verifyChain(byOld, trust, now)).toThrow(
        expect.objectContaining({ code: 'certificate-withdrawn' }),
      );
    }
  });

  it('opens no way for an authority below it: only self-issued ones do not count', () => {
    const other = createAuthority({ commonName: 'Autre', now, years: 5 });
    const leaf = station(other);
    const trust = {
      anchors: [old.certificate],
      intermediates: [forward, other.certificate],
      revocationLists: [],
    };
    expect(() => verifyChain(leaf, trust, now)).toThrow(expect.objectContaining({ code: 'issuer-unknown' }));
  });

  it('comes too late when the old one has ended', () => {
    const ended = createAuthority({ commonName: 'Fini', now: now - 3 * 365 * day, years: 1 });
    expect(() => succeed(ended, { now, years: 20 })).toThrow(
      expect.objectContaining({ code: 'authority-ended' }),
    );
  });
});

describe('the store of an authority that is renewed', () => {
  it('keeps every root and key, and hands out what leads back to the oldest', () => {
    const store = new KeyStore(work.at('store'), 'phrase');
    const first = store.createAuthority({ commonName: 'Centre', now: now - 300 * day, years: 1 });
    expect(store.authorityChain(now)).toEqual([]);
    const second = store.renewAuthority({ now: now - 100 * day, years: 5 });
    const third = store.renewAuthority({ now, years: 20 });
    const ids = (some: readonly Authority[]) => some.map(({ certificate }) => certificate.fingerprint);
    expect(ids(store.authorities(now))).toEqual(ids([third, second, first]));
    expect(ids([store.authority()])).toEqual(ids([third]));
    for (const { certificate, privateKey } of store.authorities(now))
      expect(certificate.publicKey.export({ format: 'jwk' })).toMatchObject({
        x: privateKey.export({ format: 'jwk' }).x,
      });
    // Only the first has ended by then; the way back to the second is still open.
    expect(ids(store.authorities(now + 200 * day))).toEqual(ids([third, second]));
    expect(store.authorityChain(now)).toHaveLength(2);
    expect(store.authorityChain(now + 200 * day)).toHaveLength(1);
    const certificate = station(store.authority(), now + 50 * day);
    for (const root of [first, second, third]) {
      const trust = {
        anchors: [root.certificate],
        intermediates: store.authorityChain(now),
        revocationLists: [],
      };
      expect(verifyChain(certificate, trust, now).at(-1)?.fingerprint).toBe(root.certificate.fingerprint);
    }
  });

  it('takes up a renewal that was cut off before the root stood', () => {
    const store = new KeyStore(work.at('cut'));
    store.createAuthority({ commonName: 'Centre', now, years: 20 });
    const before = work.read('cut/certificates/authority.crt');
    const cut = store.renewAuthority({ now, years: 20 });
    work.write('cut/certificates/authority.crt', before);
    expect(store.authorityCertificates()).toHaveLength(1);
    const again = store.renewAuthority({ now, years: 20 });
    expect(again.certificate.keyId).toEqual(cut.certificate.keyId);
    expect(store.authorityCertificates()).toHaveLength(2);
  });
});
