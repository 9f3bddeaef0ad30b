import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { type Asn1, encode, integer, octets, oid, sequence, tagged } from '../../src/pki/asn1.ts';
import { createAuthority, issueCertificate } from '../../src/pki/authority.ts';
import { type Certificate, certificatePem } from '../../src/pki/certificate.ts';
import { readImport } from '../../src/pki/import.ts';
import { type KeyPair, makeKey } from '../../src/pki/key-file.ts';
import { Patience } from '../../src/pki/pbes2.ts';
import { pem } from '../../src/pki/pem.ts';
import { Workspace } from './workspace.ts';

const work = new Workspace();
const now = Date.now();
const authority = createAuthority({ commonName: 'Autre autorité', now, years: 5 });
const owners = new Map<string, KeyPair & { readonly certificate: Certificate }>();

beforeAll(() => {
  work.write('ca.crt', certificatePem(authority.certificate));
  for (const kind of ['ec', 'rsa'] as const) {
    const keys = makeKey(kind);
    const certificate = issueCertificate(authority, {
      subject: { commonName: 'Mairie' },
      publicKey: keys.publicKey,
      role: 'station',
      notBefore: now,
      notAfter: now + 1e10,
    });
    owners.set(kind, { ...keys, certificate });
    work.write(`${kind}.crt`, certificatePem(certificate));
    work.write(`${kind}.key`, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  }
  work.write('pass', 'Épée');
});
afterAll(() => work.remove());

/** What was read is the owner's key and certificate. */
function expectOwner(kind: string, file: string, passphrase?: string) {
  const owner = owners.get(kind);
  const imported = readImport(file, work.read(file), passphrase);
  expect(imported.privateKey?.equals(owner?.privateKey as never)).toBe(true);
  expect(imported.certificate?.fingerprint).toBe(owner?.certificate.fingerprint);
  return imported;
}

describe.each(['ec', 'rsa'])('PKCS#12 files of openssl, %s', kind => {
  const make = (options: string, file = `${kind}.p12`) => {
    work.openssl(
      `pkcs12 -export -inkey ${kind}.key -in ${kind}.crt -out ${file} -passout file:pass ${options}`,
    );
    return file;
  };

  it.each([
    ['as openssl 3 makes them: AES-256, MAC SHA-256', ''],
    ['AES-128', '-keypbe AES-128-CBC -certpbe AES-192-CBC'],
    ['3DES, MAC SHA-1: Windows, openssl 1', '-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1'],
    ['two-key 3DES', '-keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-2DES -macalg sha384'],
    ['certificate in clear', '-certpbe NONE'],
    ['key in clear', '-keypbe NONE -macalg sha512'],
    ['without a MAC', '-nomac'],
    ['one iteration', '-noiter -nomaciter -keypbe PBE-SHA1-3DES'],
    ['with a name', '-name mairie'],
  ])('%s', (_name, options) => {
    expectOwner(kind, make(options), 'Épée');
  });

  it('with its chain', () => {
    const { chain } = expectOwner(kind, make('-certfile ca.crt'), 'Épée');
    expect(chain.map(({ fingerprint }) => fingerprint)).toEqual([authority.certificate.fingerprint]);
  });

  it('without a passphrase', () => {
    work.openssl(`pkcs12 -export -inkey ${kind}.key -in ${kind}.crt -out ${kind}.p12 -passout pass:`);
    expectOwner(kind, `${kind}.p12`);
    expectOwner(kind, `${kind}.p12`, '');
  });

  it('a wrong passphrase, or none, is told as such', () => {
    const file = make('');
    for (const wrong of [undefined, '', 'épée', 'Épée ']) {
      expect(() => readImport(file, work.read(file), wrong)).toThrow(
        expect.objectContaining({ code: 'key-passphrase', params: { file } }),
      );
    }
  });

  it('so is one that only the padding shows', () => {
    const file = make('-nomac');
    // A wrong key leaves a possible padding once in 256 times, and then no ASN.1.
    const codes = Array.from({ length: 20 }, (_, i) => {
      try {
        readImport(file, work.read(file), `autre ${i}`);
        return 'opened';
      } catch (error) {
        return (error as XmError).code;
      }
    });
    expect(codes.filter(code => code === 'key-passphrase').length).toBeGreaterThan(15);
    expect(codes).not.toContain('opened');
  });

  it('RC2, which OpenSSL 3 no longer offers, is named, with what to do', () => {
    const file = make('-legacy -certpbe PBE-SHA1-RC2-40');
    expect(() => readImport(file, work.read(file), 'Épée')).toThrow(
      expect.objectContaining({ code: 'file-algorithm', params: { file, algorithm: 'RC2-40' } }),
    );
    // What the hint says does help.
    work.openssl(`pkcs12 -legacy -in ${file} -passin file:pass -nodes -out clear.pem`);
    work.openssl('pkcs12 -export -in clear.pem -out new.p12 -passout file:pass');
    expectOwner(kind, 'new.p12', 'Épée');
  });

  it('a damaged one is refused, whatever was changed', () => {
    const bytes = work.read(make('-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -noiter -nomaciter'));
    const owner = owners.get(kind);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ change;
        try {
          // Outside what the MAC covers a byte may be without meaning; what was read is then the true key.
          expect(readImport('x', changed, 'Épée').privateKey?.equals(owner?.privateKey as never)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(XmError);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe.each(['ec', 'rsa'])('PEM and DER files, %s', kind => {
  it.each([
    ['key and certificate in one text', [], (k: string) => `cat ${k}.key ${k}.crt`],
    ['certificate first, then key', [], (k: string) => `cat ${k}.crt ${k}.key`],
  ])('%s', (_name, _none, order) => {
    const names = order(kind).split(' ').slice(1);
    work.write('both.pem', Buffer.concat(names.map(name => work.read(name))));
    expectOwner(kind, 'both.pem');
  });

  it('what `openssl pkcs12 -nodes` writes, with the attributes of the bags', () => {
    work.openssl(
      `pkcs12 -export -inkey ${kind}.key -in ${kind}.crt -certfile ca.crt -out x.p12 -passout file:pass`,
    );
    work.openssl('pkcs12 -in x.p12 -passin file:pass -nodes -out bag.pem');
    expect(work.read('bag.pem').includes('Bag Attributes')).toBe(true);
    expect(expectOwner(kind, 'bag.pem').chain).toHaveLength(1);
  });

  it.each([
    ['PKCS#8, DER', 'pkey -in K.key -outform DER -out one.bin', undefined],
    ['traditional, DER', 'pkey -in K.key -traditional -outform DER -out one.bin', undefined],
    ['traditional, text', 'pkey -in K.key -traditional -out one.bin', undefined],
    ['encrypted, text', 'pkcs8 -topk8 -in K.key -passout file:pass -out one.bin', 'Épée'],
    ['encrypted, DER', 'pkcs8 -topk8 -in K.key -passout file:pass -outform DER -out one.bin', 'Épée'],
    ['traditional, encrypted', 'pkey -in K.key -traditional -aes256 -passout file:pass -out one.bin', 'Épée'],
  ])('a key alone: %s', (_name, command, passphrase) => {
    work.openssl(command.replace('K', kind));
    const { privateKey, certificate } = readImport('one.bin', work.read('one.bin'), passphrase);
    expect(privateKey?.equals(owners.get(kind)?.privateKey as never)).toBe(true);
    expect(certificate).toBeUndefined();
    if (passphrase === undefined) return;
    for (const wrong of [undefined, 'autre']) {
      expect(() => readImport('one.bin', work.read('one.bin'), wrong)).toThrow(
        expect.objectContaining({ code: 'key-passphrase' }),
      );
    }
  });

  it('a certificate alone, DER or text', () => {
    work.openssl(`x509 -in ${kind}.crt -outform DER -out one.der`);
    for (const file of ['one.der', `${kind}.crt`]) {
      const { privateKey, certificate } = readImport(file, work.read(file));
      expect(privateKey).toBeUndefined();
      expect(certificate?.fingerprint).toBe(owners.get(kind)?.certificate.fingerprint);
    }
  });
});

describe('a file that asks for more work than anybody waits for', () => {
  const data = '1.2.840.113549.1.7.1';
  const pbes2 = (iterations: number) => {
    const derivation = sequence(octets(Buffer.alloc(8)), integer(iterations));
    return sequence(
      oid('1.2.840.113549.1.5.13'),
      sequence(
        sequence(oid('1.2.840.113549.1.5.12'), derivation),
        sequence(oid('2.16.840.1.101.3.4.1.42'), octets(Buffer.alloc(16))),
      ),
    );
  };
  const old = (iterations: number) =>
    sequence(oid('1.2.840.113549.1.12.1.3'), sequence(octets(Buffer.alloc(8)), integer(iterations)));
  const shrouded = (algorithm: Asn1) => sequence(algorithm, octets(Buffer.alloc(16)));
  const pfx = (bags: readonly Asn1[], ...mac: readonly Asn1[]) => {
    const key = oid('1.2.840.113549.1.12.10.1.2');
    const contents = sequence(...bags.map(bag => sequence(key, tagged(0, bag))));
    const safes = sequence(sequence(oid(data), tagged(0, octets(encode(contents)))));
    return encode(sequence(integer(3), sequence(oid(data), tagged(0, octets(encode(safes)))), ...mac));
  };
  const mac = (length: number, iterations: number) =>
    sequence(
      sequence(sequence(oid('2.16.840.1.101.3.4.2.1')), octets(Buffer.alloc(length))),
      octets(Buffer.alloc(8)),
      integer(iterations),
    );
  const text = (der: Buffer) => Buffer.from(pem('ENCRYPTED PRIVATE KEY', der));

  it.each([
    ['a MAC', pfx([], mac(32, 20_000_000)), 'PKCS#12 × 20000000'],
    ['a bag', pfx([shrouded(pbes2(20_000_000))]), 'PBKDF2 × 20000000'],
    ['a bag as they once were', pfx([shrouded(old(2_000_000))]), 'PKCS#12 × 2000000'],
    ['a key, DER', encode(shrouded(pbes2(2_000_000_000))), 'PKCS#8 × 2000000000'],
    ['a key, text', text(encode(shrouded(pbes2(2_000_000_000)))), 'PKCS#8 × 2000000000'],
  ])('is refused: %s', (_name, bytes, algorithm) => {
    expect(() => readImport('x', bytes, 'Épée')).toThrow(
      expect.objectContaining({ code: 'file-algorithm', params: { file: 'x', algorithm } }),
    );
  });

  it('is so for what it asks in all, and a MAC that is longer than its digest costs no more', () => {
    const patience = new Patience();
    for (let bags = 0; bags < 10; bags++) patience.spend('PBKDF2', 1_000_000);
    expect(() => patience.spend('PBKDF2', 1)).toThrow('PBKDF2 × 1');
    // Four thousand blocks of the derivation, were it believed.
    expect(() => readImport('x', pfx([], mac(131_072, 5_000)), 'Épée')).toThrow(
      expect.objectContaining({ code: 'key-passphrase' }),
    );
  }, 2_000);
});

it('a key of which the file holds no certificate does not get another one', () => {
  work.write('mixed.pem', Buffer.concat([work.read('ec.key'), work.read('rsa.crt')]));
  const { certificate, chain } = readImport('mixed.pem', work.read('mixed.pem'));
  expect(certificate).toBeUndefined();
  expect(chain).toHaveLength(1);
});

it('files that hold nothing of it are refused by their name', () => {
  for (const bytes of [
    '',
    'bonjour',
    '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
    '0',
    '0\x80',
  ])
    expect(() => readImport('x', Buffer.from(bytes))).toThrow(
      expect.objectContaining({ code: 'file-unreadable', params: expect.objectContaining({ file: 'x' }) }),
    );
});
