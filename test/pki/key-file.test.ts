import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { makeKey, readKeyFile, writeKeyFile } from '../../src/pki/key-file.ts';
import { Workspace } from './workspace.ts';

const work = new Workspace();
afterAll(() => work.remove());

describe.each(['ec', 'rsa'] as const)('a key file, %s', kind => {
  const { privateKey } = makeKey(kind);
  const passphrase = 'Mot à mot';

  it('is PKCS#8 that only its owner can read, and openssl too', () => {
    const file = work.at(`${kind}.key`);
    writeKeyFile(file, privateKey);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readKeyFile(file).equals(privateKey)).toBe(true);
    expect(work.openssl(`pkey -in ${kind}.key -outform PEM`)).toBe(readFileSync(file, 'utf8'));
  });

  it('is encrypted with AES-256 where a passphrase is given; openssl decrypts it', () => {
    const file = work.at(`${kind}-secret.key`);
    writeKeyFile(file, privateKey, passphrase);
    expect(readKeyFile(file, passphrase).equals(privateKey)).toBe(true);
    expect(readKeyFile(file, passphrase.normalize('NFD')).equals(privateKey)).toBe(true);
    work.write('pass', passphrase);
    expect(work.openssl(`pkey -in ${kind}-secret.key -passin file:pass`)).toBe(
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
    );
    const structure = work.openssl(`asn1parse -in ${kind}-secret.key`);
    for (const part of ['PBES2', 'PBKDF2', 'hmacWithSHA256', 'aes-256-cbc'])
      expect(structure).toContain(part);
    for (const wrong of [undefined, '', 'autre'])
      expect(() => readKeyFile(file, wrong)).toThrow(expect.objectContaining({ code: 'key-passphrase' }));
  });

  it('never takes the place of another', () => {
    const file = work.at(`${kind}-first.key`);
    writeKeyFile(file, privateKey);
    const before = readFileSync(file, 'utf8');
    expect(() => writeKeyFile(file, makeKey().privateKey)).toThrow(
      expect.objectContaining({ code: 'file-exists', params: { file } }),
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(readdirSync(work.folder).filter(name => name.startsWith(`${kind}-first`))).toEqual([
      `${kind}-first.key`,
    ]);
  });
});

it('a file that is missing or holds no key is told by its name', () => {
  const file = work.at('other.key');
  expect(() => readKeyFile(file)).toThrow(expect.objectContaining({ code: 'key-invalid', params: { file } }));
  writeFileSync(file, 'no key');
  expect(() => readKeyFile(file)).toThrow(expect.objectContaining({ code: 'key-invalid', params: { file } }));
});
