/** Stock OpenSSL opens and verifies what we seal, and seals what we open. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hex } from '../../src/core/message.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { identity, message, open, payloadOf } from './identity.ts';
import { OpensslFolder } from './openssl-folder.ts';

const folder = new OpensslFolder();
afterAll(() => folder.close());
const server = folder.party('server');
const client = folder.party('client');

function decrypt(): void {
  folder.openssl('cms -decrypt -binary -inform DER -in x.sdc -recip server.crt -inkey server.key -out x.p7s');
}

const page = readFileSync(join(import.meta.dirname, '../../docs/sdc.md'), 'utf8');

/** With the very words of docs/sdc.md. */
function verify(authority = 'client.crt'): void {
  const [, command = ''] = /^openssl (cms -verify .+)$/m.exec(page) ?? [];
  folder.openssl(command.replaceAll(/ +/g, ' ').replace('ca.crt', authority));
}

/** OpenSSL signs a payload and encrypts it to the server, as docs/sdc.md says; `options` change how it encrypts. */
function sealedByOpenssl(payload: Uint8Array, options = '-aes-256-gcm -keyopt ecdh_kdf_md:sha256'): Buffer {
  folder.write('payload', payload);
  folder.openssl(
    'cms -sign -binary -nodetach -noattr -nocerts -keyid -md sha256 -signer client.crt -inkey client.key',
    '-in payload -outform DER -out signed',
  );
  folder.openssl(
    `cms -encrypt -binary -keyid -in signed -recip server.crt ${options} -outform DER -out sealed`,
  );
  return folder.read('sealed');
}

describe('OpenSSL', () => {
  it.each([true, false])('decrypts and verifies what we seal (session keys: %s)', async sessionKeys => {
    const [sealed] = await createSealer({ signer: client, sessionKeys }).seal([
      { message: message(server), recipient: server },
    ]);
    folder.write('x.sdc', sealed?.sdc as Uint8Array);
    decrypt();
    verify();
    const digest = createHash('sha256').update(folder.read('x.payload')).digest();
    expect(hex(digest)).toBe(hex(sealed?.digest as Uint8Array));
  });

  it('does not verify what somebody else seals in the name of a certificate', async () => {
    const [sealed] = await createSealer({ signer: { ...identity(), keyId: client.keyId } }).seal([
      { message: message(server), recipient: server },
    ]);
    folder.write('x.sdc', sealed?.sdc as Uint8Array);
    decrypt();
    expect(() => verify()).toThrow(/verification failure/i);
  });

  it('does not verify what another of the same authority signs, who brings his certificate', async () => {
    const other = folder.party('other', '-algorithm RSA -pkeyopt rsa_keygen_bits:2048');
    const [sealed] = await createSealer({ signer: other }).seal([
      { message: message(server), recipient: server },
    ]);
    folder.write('x.sdc', sealed?.sdc as Uint8Array);
    folder.write('trusted.crt', Buffer.concat([folder.read('client.crt'), folder.read('other.crt')]));
    decrypt();
    expect(() => verify('trusted.crt')).toThrow(/signer certificate not found/);
  });

  it('seals what we open', async () => {
    const meant = message(server, { Numero: 7, Status: 2, Nom: 'ÉBOGO' });
    const sdc = sealedByOpenssl(payloadOf(meant));
    // Its ephemeral points are uncompressed; ours, which it opens, are not.
    expect(sdc.includes(Buffer.from('03420004', 'hex'))).toBe(true);
    const result = await open(sdc, server, client);
    expect(result).toMatchObject({ ok: true, message: { table: 'Naissance', records: meant.records } });
  });

  it.each([
    ['-aes-128-gcm -keyopt ecdh_kdf_md:sha256', 'key agreement'],
    ['-aes-256-gcm -keyopt ecdh_kdf_md:sha1', 'key agreement'],
    ['-aes-256-cbc -keyopt ecdh_kdf_md:sha256', 'content encryption'],
  ])('is refused where it encrypts with %s', async (options, detail) => {
    const result = await open(sealedByOpenssl(payloadOf(message(server)), options), server, client);
    expect(result).toMatchObject({ ok: false, reason: { code: 'sdc-algorithm', params: { detail } } });
  });
});
