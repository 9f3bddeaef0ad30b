/** The classic shape: RSA, with what other tools make of it, told apart from the compact one without being told. */
import { createPublicKey } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import type { OpenResult } from '../../src/core/ports.ts';
import { encryptContent } from '../../src/sdc/encrypted-content.ts';
import { writeEnvelope } from '../../src/sdc/envelope.ts';
import { encryptKey } from '../../src/sdc/key-transport.ts';
import { createOpener, type OpenerOptions } from '../../src/sdc/opener.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { readSignedData, type Signed, writeSignedData } from '../../src/sdc/signed-data.ts';
import { closed, encrypted, identity, message, payloadOf, verdict } from './identity.ts';
import { OpensslFolder } from './openssl-folder.ts';

const folder = new OpensslFolder();
afterAll(() => folder.close());
const rsa = '-algorithm RSA -pkeyopt rsa_keygen_bits:2048';
const server = folder.party('server', rsa);
const client = folder.party('client', rsa);
const compactServer = folder.party('ecserver');
const compactClient = folder.party('ecclient');

async function opened(
  sdc: Uint8Array,
  options: Partial<OpenerOptions> = {},
  isBatch = false,
): Promise<OpenResult> {
  const opener = createOpener({ recipients: [server, compactServer], ...options });
  const [result] = await opener.open([{ sdc, isBatch }], async () => [client, compactClient]);
  return result as OpenResult;
}

const reason = (result: OpenResult) =>
  result.ok ? 'opened' : `${result.reason.code} ${result.reason.params.detail}`;

/** OpenSSL signs a payload with the client's RSA key and encrypts it to the server's. */
function sealedByOpenssl(options: { sign?: string; encrypt?: string; payload?: Uint8Array } = {}): Buffer {
  folder.write('payload', options.payload ?? payloadOf(message(server)));
  folder.openssl(
    'cms -sign -binary -nodetach -md sha256 -signer client.crt -inkey client.key -in payload -out signed',
    options.sign ?? '-outform DER',
  );
  folder.openssl(
    'cms -encrypt -binary -in signed -recip server.crt -out sealed',
    options.encrypt ?? '-aes-256-gcm -keyopt rsa_padding_mode:oaep -outform DER',
  );
  return folder.read('sealed');
}

describe('what OpenSSL seals with RSA', () => {
  const oaep = '-keyopt rsa_padding_mode:oaep';

  it.each<[string, Parameters<typeof sealedByOpenssl>[0]]>([
    [
      'CBC, OAEP with SHA-1, named by issuer and serial number',
      { encrypt: `-aes-256-cbc ${oaep} -outform DER` },
    ],
    ['CBC, named by key id', { encrypt: `-aes-256-cbc ${oaep} -keyid -outform DER` }],
    ['GCM, OAEP with SHA-256', { encrypt: `-aes-256-gcm ${oaep} -keyopt rsa_oaep_md:sha256 -outform DER` }],
    ['the signer named by key id', { sign: '-keyid -outform DER' }],
    ['no S/MIME capabilities', { sign: '-nosmimecap -outform DER' }],
    ['two certificates', { sign: '-certfile server.crt -outform DER' }],
    ['streamed CBC (BER)', { encrypt: `-aes-256-cbc -stream ${oaep} -outform DER` }],
    ['streamed GCM (BER)', { encrypt: `-aes-256-gcm -stream ${oaep} -outform DER` }],
    ['a streamed inside (BER)', { sign: '-stream -outform DER' }],
    ['text (RFC 7468)', { encrypt: `-aes-256-cbc ${oaep} -outform PEM` }],
    ['streamed text', { encrypt: `-aes-256-cbc -stream ${oaep} -outform PEM` }],
  ])('opens: %s', async (_name, options) => {
    const sent = message(server, { Status: 2, Nom: 'ÉBOGO', Notes: 'x'.repeat(9_000) });
    const result = await opened(sealedByOpenssl({ ...options, payload: payloadOf(sent) }));
    expect(result).toMatchObject({ ok: true, signer: client.keyId, message: { records: sent.records } });
  });

  it.each<[string, Parameters<typeof sealedByOpenssl>[0], string]>([
    ['PKCS #1 v1.5', { encrypt: '-aes-256-cbc -outform DER' }, 'sdc-algorithm PKCS #1 v1.5'],
    ['AES-128', { encrypt: `-aes-128-cbc ${oaep} -outform DER` }, 'sdc-algorithm content encryption'],
    ['Triple DES', { encrypt: `-des3 ${oaep} -outform DER` }, 'sdc-algorithm content encryption'],
    [
      'OAEP with SHA-512',
      { encrypt: `-aes-256-gcm ${oaep} -keyopt rsa_oaep_md:sha512 -outform DER` },
      'sdc-algorithm key encryption',
    ],
    [
      'two recipients',
      { encrypt: `-aes-256-gcm ${oaep} -outform DER client.crt` },
      'sdc-malformed exactly one recipient',
    ],
    ['a signature without attributes', { sign: '-noattr -outform DER' }, 'sdc-algorithm signature'],
    [
      'a signature without its certificate',
      { sign: '-nocerts -outform DER' },
      'sdc-malformed no certificate',
    ],
    ['PSS', { sign: '-keyopt rsa_padding_mode:pss -outform DER' }, 'sdc-algorithm signature'],
    [
      'two signers',
      { sign: '-signer server.crt -inkey server.key -outform DER' },
      'sdc-malformed exactly one signer',
    ],
  ])('refuses: %s', async (_name, options, expected) => {
    expect(reason(await opened(sealedByOpenssl(options)))).toBe(expected);
  });

  it('takes PKCS #1 v1.5 where the installation allows it', async () => {
    const sdc = sealedByOpenssl({ encrypt: '-aes-256-cbc -outform DER' });
    expect(reason(await opened(sdc, { allowPkcs1: true }))).toBe('opened');
  });

  it('tells nothing of a wrong PKCS #1 v1.5 padding but that it cannot be decrypted', async () => {
    const sdc = sealedByOpenssl({ encrypt: '-aes-256-cbc -outform DER' });
    // The wrapped key is the OCTET STRING of 256 bytes.
    const at = sdc.indexOf(Buffer.from('04820100', 'hex')) + 4;
    sdc[at + 200] = (sdc[at + 200] as number) ^ 1;
    expect(reason(await opened(sdc, { allowPkcs1: true }))).toMatch(
      /^sdc-(undecipherable|malformed|algorithm)/,
    );
  });

  it('refuses a signer that nobody registered', async () => {
    const opener = createOpener({ recipients: [server] });
    const [result] = await opener.open(closed(sealedByOpenssl()), async () => []);
    expect(verdict(result)).toBe('sdc-signer-unknown');
  });

  it('refuses a certificate with the right key that is not the registered one, where that is known', async () => {
    const other = Buffer.from(client.certificate);
    // The last byte is the issuer's signature's.
    other[other.length - 1] = (other[other.length - 1] as number) ^ 1;
    const opener = createOpener({ recipients: [server] });
    const sdc = sealedByOpenssl();
    const outcomes: string[] = [];
    const both = Buffer.concat([other, client.certificate]);
    for (const certificate of [client.certificate, other, both]) {
      const [result] = await opener.open(closed(sdc), async () => [{ ...client, certificate }]);
      outcomes.push(verdict(result));
    }
    expect(outcomes).toEqual(['opened', 'sdc-signer-unknown', 'opened']);
  });

  it('gives back what the signer signed, for OpenSSL to verify', async () => {
    const result = await opened(sealedByOpenssl({ sign: '-stream -outform DER' }));
    if (!result.ok) throw new Error(reason(result));
    folder.write('proof', result.signed);
    folder.openssl('cms -verify -binary -inform DER -in proof -CAfile client.crt -out proved');
    expect(folder.read('proved').equals(folder.read('payload'))).toBe(true);
  });
});

describe('what we seal with RSA', () => {
  const seal = async (from: typeof client, to: typeof server) => {
    const [sealed] = await createSealer({ signer: from }).seal([{ message: message(to), recipient: to }]);
    return sealed?.sdc as Uint8Array;
  };

  it.each([
    ['RSA to RSA', client, 'client', server, 'server'],
    ['RSA to EC', client, 'client', compactServer, 'ecserver'],
    ['EC to RSA', compactClient, 'ecclient', server, 'server'],
  ] as const)('opens with OpenSSL and with ours: %s', async (_name, from, signer, to, recipient) => {
    const sdc = await seal(from, to);
    expect(reason(await opened(sdc))).toBe('opened');
    folder.write('x.sdc', sdc);
    folder.openssl(
      `cms -decrypt -binary -inform DER -in x.sdc -recip ${recipient}.crt -inkey ${recipient}.key -out x.p7s`,
    );
    folder.openssl(
      `cms -verify -binary -nointern -inform DER -in x.p7s -CAfile ${signer}.crt -certfile ${signer}.crt -out x`,
    );
    expect(folder.read('x')[0]).toBe(1);
  });

  it('names a recipient without a certificate by its key id', async () => {
    const [sealed] = await createSealer({ signer: client }).seal([
      { message: message(server), recipient: { keyId: server.keyId, spki: server.spki } },
    ]);
    expect(reason(await opened(sealed?.sdc as Uint8Array))).toBe('opened');
  });

  it('needs a certificate to sign with', () => {
    const { keyId, privateKey } = client;
    expect(() => createSealer({ signer: { keyId, privateKey } })).toThrow(/certificate/);
  });
});

describe('one signing mode per key', () => {
  const signedBy = (options: string) => {
    folder.write('payload', payloadOf(message(compactServer)));
    folder.openssl(`cms -sign -binary -nodetach -md sha256 -in payload -outform DER -out signed ${options}`);
    return folder.read('signed');
  };
  const inside = async (signed: Uint8Array) => reason(await opened(encrypted(signed, compactServer)));

  it('refuses EC with signed attributes', async () => {
    expect(await inside(signedBy('-signer ecclient.crt -inkey ecclient.key'))).toBe(
      'sdc-algorithm signature',
    );
  });

  it('refuses an EC key where the message says RSA', async () => {
    const rsaSigned = readSignedData(signedBy('-signer client.crt -inkey client.key')) as Signed & {
      kind: 'attributed';
    };
    const signed = writeSignedData({
      ...rsaSigned,
      certificates: compactClient.certificate,
      id: { keyId: compactClient.keyId },
    });
    expect(await inside(signed)).toBe('sdc-algorithm signature');
  });

  it('refuses attributes stripped off: the bytes that were signed as a payload', async () => {
    const rsaSigned = readSignedData(signedBy('-signer client.crt -inkey client.key')) as Signed & {
      kind: 'attributed';
    };
    const stripped = writeSignedData({
      kind: 'plain',
      payload: Buffer.concat([Buffer.from('31', 'hex'), rsaSigned.attributes]),
      signer: client.keyId,
      signature: rsaSigned.signature,
    });
    expect(await inside(stripped)).toBe('sdc-algorithm signature');
  });

  it('refuses another payload under the same attributes', async () => {
    const rsaSigned = readSignedData(signedBy('-signer client.crt -inkey client.key')) as Signed & {
      kind: 'attributed';
    };
    const changed = writeSignedData({ ...rsaSigned, payload: payloadOf(message(compactServer)) });
    expect(await inside(changed)).toBe('sdc-signature undefined');
  });
});

describe('limits', () => {
  it('refuses RSA keys below 2048 bits', async () => {
    const small = folder.party('small', '-algorithm RSA -pkeyopt rsa_keygen_bits:1024');
    const [sealed] = await createSealer({ signer: small }).seal([
      { message: message(server), recipient: server },
    ]);
    const opener = createOpener({ recipients: [server] });
    const [result] = await opener.open(closed(sealed?.sdc as Uint8Array), async () => [small]);
    expect(reason(result as OpenResult)).toBe('sdc-algorithm signer key');
  });

  it('refuses RSA keys that cost whoever verifies with them, or that everybody can sign with', async () => {
    const odd = folder.party('odd', `${rsa} -pkeyopt rsa_keygen_pubexp:4294967311`);
    const [sealed] = await createSealer({ signer: odd }).seal([
      { message: message(server), recipient: server },
    ]);
    const opener = createOpener({ recipients: [server] });
    const [result] = await opener.open(closed(sealed?.sdc as Uint8Array), async () => [odd]);
    expect(reason(result as OpenResult)).toBe('sdc-algorithm signer key');
  });

  it('refuses other curves than P-256', async () => {
    const other = folder.party('other', '-algorithm EC -pkeyopt ec_paramgen_curve:P-384');
    const [sealed] = await createSealer({ signer: other }).seal([
      { message: message(server), recipient: server },
    ]);
    const opener = createOpener({ recipients: [server] });
    const [result] = await opener.open(closed(sealed?.sdc as Uint8Array), async () => [other]);
    expect(reason(result as OpenResult)).toBe('sdc-algorithm signer key');
  });

  it('lets larger SDCs in where batches are agreed on', async () => {
    const large = message(server, {
      Status: 2,
      Notes: Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * i) % 251)),
    });
    const [sealed] = await createSealer({ signer: client }).seal([{ message: large, recipient: server }]);
    const sdc = encrypted(Buffer.alloc(17_000), compactServer);
    expect(reason(await opened(sdc))).toBe('sdc-too-large undefined');
    expect(reason(await opened(sealed?.sdc as Uint8Array, {}, true))).toBe('opened');
  });

  it.each([
    ['no base64', '-----BEGIN CMS-----\nMIIB*\n-----END CMS-----', 'sdc-malformed base64'],
    ['another label', '-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----', 'sdc-malformed text form'],
    ['no end', '-----BEGIN CMS-----\nMIIB', 'sdc-malformed text form'],
  ])('refuses text with %s', async (_name, text, expected) => {
    expect(reason(await opened(Buffer.from(text)))).toBe(expected);
  });

  it('refuses a key of another length under RSA', async () => {
    const content = encryptContent(Buffer.alloc(10), Buffer.alloc(32));
    const key = createPublicKey({ key: server.spki, format: 'der', type: 'spki' });
    const sdc = writeEnvelope({
      recipient: {
        kind: 'transport',
        id: { keyId: server.keyId },
        padding: 'oaep-sha256',
        wrappedKey: encryptKey(key, Buffer.alloc(16)),
      },
      content,
    });
    expect(reason(await opened(sdc))).toBe('sdc-undecipherable undefined');
  });

  it('refuses a kind of recipient that our key is not', async () => {
    const swapped = { ...identity(), keyId: server.keyId };
    expect(reason(await opened(encrypted(Buffer.alloc(9), swapped)))).toBe('sdc-algorithm kind of recipient');
  });
});
