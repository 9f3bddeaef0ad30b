import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { issueCertificate } from '../../src/pki/authority.ts';
import { makeKey } from '../../src/pki/key-file.ts';
import { KeyStore, readPassphraseFile } from '../../src/pki/key-store.ts';
import { Workspace } from './workspace.ts';

const work = new Workspace();
afterAll(() => work.remove());
const now = Date.now();
let folder: string;
let count = 0;
beforeEach(() => {
  folder = work.at(`store-${++count}`);
});

const root = { commonName: 'Centre', now, years: 10 };

function certify(store: KeyStore, kind: 'ec' | 'rsa' = 'ec') {
  return issueCertificate(store.authority(), {
    subject: { commonName: 'XMServer' },
    publicKey: store.pendingKey('server', kind).publicKey,
    role: 'server',
    notBefore: now,
    notAfter: now + 1e10,
  });
}

describe('a key store', () => {
  it('makes the authority once, and finds it again', () => {
    const store = new KeyStore(folder);
    expect(store.authorityCertificate()).toBeUndefined();
    expect(() => store.authority()).toThrow(expect.objectContaining({ code: 'authority-missing' }));
    const { certificate } = store.createAuthority(root);
    expect(new KeyStore(folder).authority().certificate.fingerprint).toBe(certificate.fingerprint);
    expect(() => store.createAuthority(root)).toThrow(expect.objectContaining({ code: 'file-exists' }));
  });

  it('an authority whose certificate was lost, or never written, keeps its key: what it signed stays good', () => {
    const store = new KeyStore(folder);
    const { certificate } = store.createAuthority(root);
    const issued = certify(store);
    rmSync(`${folder}/certificates/authority.crt`);
    const again = store.createAuthority(root).certificate;
    expect(again.keyId).toEqual(certificate.keyId);
    work.write('again.crt', readFileSync(`${folder}/certificates/authority.crt`));
    expect(work.openssl('verify -x509_strict -CAfile again.crt', pemOf(issued.der))).toContain('OK');
  });

  it('keeps generations in their order, each key before its certificate', () => {
    const store = new KeyStore(folder);
    store.createAuthority(root);
    const made = Array.from({ length: 11 }, () => {
      const certificate = certify(store);
      // The key waits: until it has its certificate it is the same one.
      expect(store.pendingKey('server', 'rsa').publicKey.equals(certificate.publicKey)).toBe(true);
      expect(store.keepCertificate('server', certificate)).toBe(true);
      return certificate.fingerprint;
    });
    const generations = new KeyStore(folder).generations('server');
    expect(generations.map(({ certificate }) => certificate.fingerprint)).toEqual(made);
    for (const { certificate, privateKey } of generations) {
      expect(privateKey.asymmetricKeyType).toBe('ec');
      expect(
        store.certificates('server').some(one => one.certificate.fingerprint === certificate.fingerprint),
      ).toBe(true);
    }
    expect(readdirSync(`${folder}/secrets`)).toContain('server-11.key');
    expect(store.generations('station')).toEqual([]);
  });

  it('keeps a peer’s certificates, also where the first of them was removed', () => {
    const peer = new KeyStore(`${folder}/peer`);
    const store = new KeyStore(folder);
    store.createAuthority(root);
    const [first, second, third] = [certify(store), certify(store), certify(store)];
    for (const one of [first, second, second]) peer.keepPeerCertificate('server', one);
    rmSync(`${folder}/peer/certificates/server.crt`);
    peer.keepPeerCertificate('server', third);
    const kept = peer.peerCertificates('server', third.notBefore).map(({ fingerprint }) => fingerprint);
    expect(kept.sort()).toEqual([second.fingerprint, third.fingerprint].sort());
  });

  it('takes no certificate of another key', () => {
    const store = new KeyStore(folder);
    store.createAuthority(root);
    const foreign = issueCertificate(store.authority(), {
      subject: { commonName: 'x' },
      publicKey: makeKey().publicKey,
      role: 'server',
      notBefore: now,
      notAfter: now + 1e10,
    });
    expect(store.keepCertificate('server', foreign)).toBe(false);
    store.pendingKey('server', 'ec');
    expect(store.keepCertificate('server', foreign)).toBe(false);
    expect(store.certificates('server')).toEqual([]);
  });

  it('with a passphrase no key lies in clear, and none is read without it', () => {
    const store = new KeyStore(folder, 'Épée');
    store.createAuthority(root);
    store.keepCertificate('server', certify(store));
    for (const name of readdirSync(`${folder}/secrets`)) {
      expect(readFileSync(`${folder}/secrets/${name}`, 'utf8')).toMatch(
        /^-----BEGIN ENCRYPTED PRIVATE KEY-----/,
      );
      if (process.platform !== 'win32')
        expect(statSync(`${folder}/secrets/${name}`).mode & 0o777).toBe(0o600);
    }
    expect(new KeyStore(folder, 'Épée').generations('server')).toHaveLength(1);
    for (const wrong of [undefined, 'autre']) {
      const other = new KeyStore(folder, wrong);
      expect(() => other.authority()).toThrow(expect.objectContaining({ code: 'key-passphrase' }));
      expect(() => other.generations('server')).toThrow(expect.objectContaining({ code: 'key-passphrase' }));
      // What is public needs none.
      expect(other.certificates('server')).toHaveLength(1);
    }
  });

  it('leaves nothing half-written behind', () => {
    const store = new KeyStore(folder);
    store.createAuthority(root);
    store.keepCertificate('server', certify(store));
    store.keepRevocationList(Uint8Array.of(1));
    store.keepRevocationList(Uint8Array.of(2));
    expect(readdirSync(`${folder}/secrets`).sort()).toEqual(['authority.key', 'server.key']);
    expect(readdirSync(`${folder}/certificates`).sort()).toEqual([
      'authority.crl',
      'authority.crt',
      'server.crt',
    ]);
    expect(readFileSync(`${folder}/certificates/authority.crl`)).toEqual(Buffer.of(2));
  });
});

it('a passphrase is the first line of its file', () => {
  expect(readPassphraseFile(work.write('pass', 'Épée\r\nreste\n'))).toBe('Épée');
  expect(readPassphraseFile(work.write('pass', ' mot '))).toBe(' mot ');
  const file = work.at('absent');
  expect(() => readPassphraseFile(file)).toThrow(expect.objectContaining({ code: 'file-unreadable' }));
});

function pemOf(der: Uint8Array): string {
  return work.openssl('x509 -inform DER', der);
}
