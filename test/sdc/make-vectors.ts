/** `npm run vectors`: makes test/vectors anew, with the keys that are there. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { encode } from 'cborg';
import { hex, type Message, type Opened } from '../../src/core/message.ts';
import type { OpenResult } from '../../src/core/ports.ts';
import { CalendarDate, type Value } from '../../src/core/record.ts';
import { isStreamed, toDer } from '../../src/sdc/ber.ts';
import { der, oid, small, Tag } from '../../src/sdc/der.ts';
import { dictionaryOf } from '../../src/sdc/dictionary.ts';
import { readEnvelope, writeEnvelope } from '../../src/sdc/envelope.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { inflatePayload } from '../../src/sdc/payload.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { readSignedData, writeSignedData } from '../../src/sdc/signed-data.ts';
import { closed, encrypted, payload, payloadOf, signed } from './identity.ts';
import { OpensslFolder } from './openssl-folder.ts';
import { badMaps, serviceMessages } from './service-vectors.ts';
import { messageJson, readParty, type Vector, vectorFolder, writeVector } from './vector.ts';

const keys = join(vectorFolder, 'keys');
const openssl = new OpensslFolder();
makeKeys();
const server = readParty('server-ec');
const client = readParty('client-ec');
const stranger = readParty('stranger-ec');
const rsaServer = readParty('server-rsa');
const rsaClient = readParty('client-rsa');
const opener = createOpener({ recipients: [server, rsaServer] });

for (const file of readdirSync(vectorFolder)) {
  if (/\.(txt|bin)$/.test(file)) rmSync(join(vectorFolder, file));
}
for (const id of [1, 2, 3]) writeFileSync(join(vectorFolder, `dictionary-${id}.bin`), dictionaryOf(id).bytes);
await good();
await bad();
openssl.close();

function makeKeys(): void {
  mkdirSync(keys, { recursive: true });
  for (const name of ['server-ec', 'client-ec', 'stranger-ec', 'server-rsa', 'client-rsa']) {
    if (!existsSync(join(keys, `${name}.crt`))) {
      const rsa = '-algorithm RSA -pkeyopt rsa_keygen_bits:2048';
      openssl.party(name, name.endsWith('rsa') ? rsa : undefined, 36_500);
      for (const kind of ['key', 'crt']) {
        writeFileSync(join(keys, `${name}.${kind}`), openssl.read(`${name}.${kind}`));
      }
    } else for (const kind of ['key', 'crt']) openssl.take(join(keys, `${name}.${kind}`), `${name}.${kind}`);
  }
}

async function good(): Promise<void> {
  const birth = new Map<string, Value>([
    ['Numero', 8417],
    ['Status', 2],
    ['NumeroActe', '0731/2026'],
    ['Nom', 'BIDZANGA'],
    ['Prenoms', 'Clovis Hermann'],
    ['Sexe', 'M'],
    ['DateNaissance', new CalendarDate(20_495)],
    ['HeureNaissance', '04:35'],
    ['NumeroPersonnel', null],
  ]);
  const all = new Map<string, Value>([
    ['Numero', 9_007_199_254_740_993n],
    ['Status', 2],
    ['nul', null],
    ['oui', true],
    ['non', false],
    ['négatif', -1_000_000],
    ['décimal', '12345678901234567890.50'],
    ['flottant', 1.1],
    ['demi', 0.5],
    ['octets', Buffer.from('00ff10', 'hex')],
    ['avant 1970', new CalendarDate(-1)],
    ['vide', ''],
    ['texte', 'so’o — ÉÀ 😀'],
  ]);
  const head = { id: randomBytes(8), at: 1_771_459_200 };
  const toServer = { ...head, service: 'EXPORT', recipient: server.keyId } as const;
  const acts: readonly (readonly [string, string, Message])[] = [
    [
      'birth',
      'a birth act, dictionary 2, columns of an older table',
      { ...toServer, table: 'Naissance', records: [birth] },
    ],
    [
      'all-types',
      'a table of its own, dictionary 1, a value of every kind',
      { ...toServer, table: 'Essai', records: [all] },
    ],
    [
      'long-id',
      'a message id of 16 bytes, dictionary 3',
      { ...toServer, id: randomBytes(16), table: 'Diplome', records: [birth] },
    ],
    [
      'receipts',
      'filed, refused with a reason, refused without; the second id is 16 bytes long',
      {
        ...head,
        service: 'RECEIPT',
        recipient: server.keyId,
        receipts: [
          { about: randomBytes(8), outcomes: [{ kind: 'filed', numero: 10_000_000n }] },
          { about: randomBytes(16), outcomes: [{ kind: 'filed', numero: 9_999_990n }] },
          {
            about: randomBytes(8),
            outcomes: [
              {
                kind: 'refused',
                reason: { code: 'value-too-long', params: { column: 'Nom', length: 90, limit: 80 } },
              },
            ],
          },
          { about: randomBytes(8), outcomes: [{ kind: 'refused' }] },
        ],
        digest: randomBytes(32),
      },
    ],
  ];
  const certificates = [client.certificate, server.certificate];
  const services = serviceMessages(
    { ...head, recipient: server.keyId },
    certificateRequest('client-ec'),
    certificates,
  );
  for (const [name, comment, message] of [...acts, ...services]) {
    const [sealed] = await createSealer({ signer: client }).seal([{ message, recipient: server }]);
    await write(`good-${name}`, comment, sealed?.sdc as Uint8Array, 'opened');
  }
  const [enrolling] = await createSealer({ signer: stranger }).seal([
    { message: enrolment(certificateRequest('stranger-ec')), recipient: server },
  ]);
  await write(
    'good-enrol',
    'by the key that asks, which nobody knows',
    enrolling?.sdc as Uint8Array,
    'opened as a stranger’s',
  );
  const message: Message = { ...toServer, recipient: rsaServer.keyId, table: 'Naissance', records: [birth] };
  const [classic] = await createSealer({ signer: rsaClient }).seal([{ message, recipient: rsaServer }]);
  await write('good-rsa', 'RSA as we seal it: GCM, OAEP with SHA-256', classic?.sdc as Uint8Array, 'opened');
  const [mixed] = await createSealer({ signer: client }).seal([{ message, recipient: rsaServer }]);
  await write('good-ec-to-rsa', 'signed by an EC key, for an RSA key', mixed?.sdc as Uint8Array, 'opened');
  const oaep = '-keyopt rsa_padding_mode:oaep';
  const byOpenssl: readonly (readonly [string, string, string, string, 'text'?])[] = [
    ['cbc', 'OpenSSL: CBC, OAEP with SHA-1', '-outform DER', `-aes-256-cbc ${oaep} -outform DER`],
    [
      'streamed',
      'OpenSSL -stream, inside and outside: BER',
      '-stream -outform DER',
      `-aes-256-cbc -stream ${oaep} -outform DER`,
    ],
    ['text', 'OpenSSL: text form', '-outform DER', `-aes-256-gcm ${oaep} -outform PEM`, 'text'],
  ];
  for (const [name, comment, signing, encrypting, form] of byOpenssl) {
    const sdc = rsaByOpenssl(payloadOf(message), signing, encrypting);
    await write(`good-openssl-${name}`, comment, sdc, 'opened', form);
  }
  await write(
    'good-openssl-compact',
    'OpenSSL: EC, uncompressed point, tag of 16 bytes',
    ecByOpenssl(payloadOf({ ...message, recipient: server.keyId })),
    'opened',
  );
}

async function bad(): Promise<void> {
  const map = (change: Record<number, unknown> = {}) => {
    const fields = new Map<number, unknown>([
      [0, 1],
      [1, 'Naissance'],
      [2, ['Status']],
      [3, [2]],
    ]);
    for (const [key, value] of Object.entries(change)) fields.set(Number(key), value);
    return encode(fields);
  };
  const packed = (cbor: Uint8Array) => payload(server, deflateRawSync(cbor));
  const inside = (content: Uint8Array) => encrypted(signed(content, client), server);
  const right = packed(map());
  const sdc = inside(right);
  const insideRight = signed(right, client);
  const hexed = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
  const patched = (bytes: Buffer, from: string, to: string) => {
    const at = bytes.indexOf(hexed(from));
    if (at < 0) throw new Error(`${from} is not there`);
    return Buffer.concat([bytes.subarray(0, at), hexed(to), bytes.subarray(at + hexed(from).length)]);
  };
  const flipped = (bytes: Buffer, at: number) => {
    const result = Buffer.from(bytes);
    const place = at < 0 ? bytes.length + at : at;
    result[place] = (result[place] as number) ^ 1;
    return result;
  };
  const envelope = readEnvelope(sdc);
  const recipientInfo = envelope.recipient as Extract<typeof envelope.recipient, { kind: 'agreement' }>;
  const plain = readSignedData(insideRight);
  const many = der(Tag.sequence, Buffer.alloc(128, hexed('0500')));
  const nested = Array.from({ length: 20 }).reduce<Buffer>(inner => der(Tag.sequence, inner), der(Tag.null));
  const off = Buffer.concat([hexed('02'), Buffer.alloc(32, 0xff)]);
  const signer = der(Tag.sequence, small(3), der(0x80, client.keyId));
  const utf8 = hexed('a4 0001 0161ff 0280 0380');

  const outside: readonly (readonly [string, string, Buffer])[] = [
    ['too-large', 'one byte more than 16 KB', Buffer.alloc(16 * 1024 + 1, 0x30)],
    ['cut', 'the last byte is missing', sdc.subarray(0, -1)],
    ['trailing', 'a byte after the end', Buffer.concat([sdc, hexed('00')])],
    ['long-form-length', 'a length in more bytes than it needs', hexed('30 81 02 0500')],
    ['no-end', 'an indefinite length without an end', hexed('3080 0500')],
    ['nodes', '65 values and more', many],
    ['depth', 'values 20 deep', nested],
    [
      'content-type',
      'EncryptedData',
      der(Tag.sequence, oid('1.2.840.113549.1.7.6'), der(0xa0, der(Tag.null))),
    ],
    ['version', 'AuthEnvelopedData version 1', patched(sdc, '020100 31', '020101 31')],
    ['kdf', 'key agreement with the SHA-1 KDF', patched(sdc, '2b8104010b01', '2b8104010b00')],
    ['wrap', 'AES-128 key wrap', patched(sdc, '60864801650304012d', '608648016503040105')],
    ['tag-length', 'a GCM tag of 13 bytes', patched(sdc, '02010c', '02010d')],
    [
      'point',
      'an ephemeral point that is not on the curve',
      writeEnvelope({ ...envelope, recipient: { ...recipientInfo, ephemeral: off } }),
    ],
    ['not-for-us', 'encrypted to another key', encrypted(insideRight, stranger)],
    [
      'wrapped-key',
      'a bit of the wrapped key',
      writeEnvelope({
        ...envelope,
        recipient: { ...recipientInfo, wrappedKey: flipped(Buffer.from(recipientInfo.wrappedKey), 5) },
      }),
    ],
    ['gcm-tag', 'a bit of the GCM tag', flipped(sdc, -1)],
  ];
  const signatures: readonly (readonly [string, string, Buffer])[] = [
    [
      'not-signed',
      'encrypted data that is not signed',
      encrypted(
        der(Tag.sequence, oid('1.2.840.113549.1.7.1'), der(0xa0, der(Tag.octetString, right))),
        server,
      ),
    ],
    [
      'signer-cut',
      'a signer without a signature',
      encrypted(
        der(
          Tag.sequence,
          oid('1.2.840.113549.1.7.2'),
          der(
            0xa0,
            der(
              Tag.sequence,
              small(3),
              der(Tag.set, der(Tag.sequence, oid('2.16.840.1.101.3.4.2.1'))),
              der(Tag.sequence, oid('1.2.840.113549.1.7.1'), der(0xa0, der(Tag.octetString, right))),
              der(Tag.set, signer),
            ),
          ),
        ),
        server,
      ),
    ],
    ['signer-unknown', 'signed by a key that nobody registered', encrypted(signed(right, stranger), server)],
    [
      'enrol-other-key',
      'an ENROL by an unknown key, with the request of another',
      encrypted(signed(payloadOf(enrolment(certificateRequest('client-ec'))), stranger), server),
    ],
    [
      'enrol-other-signature',
      'an ENROL that the key in its request has not signed',
      encrypted(
        signed(payloadOf(enrolment(certificateRequest('stranger-ec'))), { ...client, keyId: stranger.keyId }),
        server,
      ),
    ],
    [
      'enrol-other-service',
      'another question by an unknown key',
      encrypted(
        signed(
          payloadOf({ id: randomBytes(8), at: 0, recipient: server.keyId, service: 'ACCOUNT' }),
          stranger,
        ),
        server,
      ),
    ],
    [
      'enrol-no-request',
      'an ENROL by an unknown key, with no request in it',
      encrypted(signed(payloadOf(enrolment(randomBytes(60))), stranger), server),
    ],
    [
      'signature-key',
      'signed by another key than the one named',
      encrypted(signed(right, { ...stranger, keyId: client.keyId }), server),
    ],
    [
      'signature-bit',
      'a bit of the signature',
      encrypted(writeSignedData({ ...plain, signature: flipped(Buffer.from(plain.signature), -1) }), server),
    ],
    [
      'payload-bit',
      'a bit of the payload',
      encrypted(writeSignedData({ ...plain, payload: flipped(right, 20) }), server),
    ],
    [
      'recipient-swapped',
      'signed for somebody else, encrypted to us',
      encrypted(signed(payload(stranger, deflateRawSync(map())), client), server),
    ],
    [
      'ec-attributes',
      'an EC signer with signed attributes',
      encrypted(opensslSigned('client-ec', right), server),
    ],
  ];
  const payloads: readonly (readonly [string, string, Buffer])[] = [
    ['attributes-as-payload', 'a payload that starts like signed attributes', hexed('3100')],
    ['version-2', 'a version to come', Buffer.concat([hexed('02'), right.subarray(1)])],
    ['short-id', 'a message id of 7 bytes', payload(server, deflateRawSync(map()), { id: randomBytes(7) })],
    [
      'dictionary',
      'a dictionary that does not exist',
      payload(server, deflateRawSync(map()), { dictionary: 255 }),
    ],
    [
      'deflate-cut',
      'a deflate stream without its end',
      payload(server, deflateRawSync(map()).subarray(0, -4)),
    ],
    ['deflate-trailing', 'a byte after the deflate stream', Buffer.concat([right, hexed('00')])],
    ['bomb', 'inflates to 10 MB', payload(server, deflateRawSync(Buffer.alloc(10_000_000)))],
    ['service', 'a service that does not exist', packed(map({ 0: 99 }))],
    ['field', 'a field that does not exist', packed(map({ 9: 1 }))],
    ['column-twice', 'a column named twice', packed(map({ 2: ['Nom', 'Nom'], 3: [1, 2] }))],
    ['value-missing', 'fewer values than columns', packed(map({ 3: [] }))],
    [
      'value-tag',
      'a value under another tag than 100',
      packed(hexed('a4 0001 016141 02 81 6141 03 81 c100')),
    ],
    ['cbor-order', 'fields in another order', packed(hexed('a4 01 61 41 0001 0280 0380'))],
    [
      'cbor-shortest',
      'a number that is not in its shortest form',
      packed(hexed('a4 0001 01 7801 41 0280 0380')),
    ],
    ['cbor-indefinite', 'a map of indefinite length', packed(hexed('bf 0001 ff'))],
    ['utf8', 'text that is not UTF-8', packed(utf8)],
  ];
  const services = badMaps().map(([name, comment, cbor]) => [name, comment, packed(cbor)] as const);
  const rsaRight = payload(rsaServer, deflateRawSync(map()));
  const oaep = '-aes-256-cbc -keyopt rsa_padding_mode:oaep -outform DER';
  const rsa: readonly (readonly [string, string, Buffer])[] = [
    [
      'pkcs1',
      'PKCS #1 v1.5, which the installation does not allow',
      rsaByOpenssl(rsaRight, '-outform DER', '-aes-256-cbc -outform DER'),
    ],
    [
      'rsa-no-attributes',
      'an RSA signer without signed attributes',
      rsaByOpenssl(rsaRight, '-noattr -outform DER', oaep),
    ],
    [
      'rsa-no-certificate',
      'an RSA signer without his certificate',
      rsaByOpenssl(rsaRight, '-nocerts -outform DER', oaep),
    ],
    [
      'rsa-two-signers',
      'two signers',
      rsaByOpenssl(rsaRight, '-signer server-rsa.crt -inkey server-rsa.key -outform DER', oaep),
    ],
    ['rsa-other-payload', 'signed attributes of another payload', otherPayload(rsaRight)],
    [
      'aes-128',
      'AES-128',
      rsaByOpenssl(rsaRight, '-outform DER', '-aes-128-cbc -keyopt rsa_padding_mode:oaep -outform DER'),
    ],
  ];
  for (const [name, comment, bytes] of [...outside, ...signatures, ...rsa])
    await write(`bad-${name}`, comment, bytes);
  for (const [name, comment, content] of [...payloads, ...services])
    await write(`bad-${name}`, comment, inside(content));
}

function enrolment(request: Uint8Array): Message {
  const head = { id: randomBytes(8), at: 1_771_459_200, recipient: server.keyId };
  return { ...head, service: 'ENROL', matricule: 1000, password: 'zerokey', request };
}

/** DER PKCS #10. */
function certificateRequest(name: string): Buffer {
  openssl.openssl(`req -new -key ${name}.key -subj /CN=${name} -outform DER -out request`);
  return openssl.read('request');
}

function rsaByOpenssl(content: Uint8Array, signing: string, encrypting: string): Buffer {
  openssl.write('payload', content);
  openssl.openssl(
    `cms -sign -binary -nodetach -md sha256 -signer client-rsa.crt -inkey client-rsa.key -in payload -out signed ${signing}`,
  );
  openssl.openssl(`cms -encrypt -binary -in signed -recip server-rsa.crt -out sealed ${encrypting}`);
  return openssl.read('sealed');
}

function ecByOpenssl(content: Uint8Array): Buffer {
  openssl.write('payload', content);
  openssl.openssl(
    'cms -sign -binary -nodetach -noattr -nocerts -keyid -md sha256 -signer client-ec.crt -inkey client-ec.key',
    '-in payload -outform DER -out signed',
  );
  openssl.openssl(
    'cms -encrypt -binary -aes-256-gcm -keyid -in signed -recip server-ec.crt -keyopt ecdh_kdf_md:sha256',
    '-outform DER -out sealed',
  );
  return openssl.read('sealed');
}

function opensslSigned(signer: string, content: Uint8Array): Buffer {
  openssl.write('payload', content);
  openssl.openssl(
    `cms -sign -binary -nodetach -md sha256 -signer ${signer}.crt -inkey ${signer}.key -in payload -outform DER -out signed`,
  );
  return openssl.read('signed');
}

function otherPayload(content: Buffer): Buffer {
  const right = readSignedData(opensslSigned('client-rsa', content));
  const other = Buffer.from(content);
  other.writeUInt32BE(0, 10);
  openssl.write('signed', writeSignedData({ ...right, payload: other }));
  openssl.openssl(
    'cms -encrypt -binary -aes-256-cbc -in signed -recip server-rsa.crt -keyopt rsa_padding_mode:oaep',
    '-outform DER -out sealed',
  );
  return openssl.read('sealed');
}

async function write(
  name: string,
  comment: string,
  sdc: Uint8Array,
  expect?: 'opened' | 'opened as a stranger’s',
  form?: 'text',
): Promise<void> {
  const [result] = await opener.open(closed(sdc), async () => [client, rsaClient]);
  const outcome = expectation(result as OpenResult);
  if (expect ? outcome !== expect : outcome.startsWith('opened')) throw new Error(`${name}: ${outcome}`);
  const vector: Omit<Vector, 'name'> = {
    comment,
    expect: outcome,
    ...(form ? { form } : {}),
    ...(result?.ok ? contentOf(result) : {}),
    sdc: Buffer.from(sdc),
  };
  writeFileSync(join(vectorFolder, `${name}.txt`), writeVector(vector));
}

function expectation(result: OpenResult): string {
  if (result.ok) return result.stranger ? 'opened as a stranger’s' : 'opened';
  return [result.reason.code, ...Object.values(result.reason.params)].join(' ');
}

function contentOf({ signed, message }: Opened): Pick<Vector, 'payload' | 'map' | 'message'> {
  const bytes = Buffer.from(signed);
  const { payload } = readSignedData(isStreamed(bytes) ? toDer(bytes) : bytes);
  const { map } = inflatePayload(Buffer.from(payload), 65_536);
  return { payload: hex(payload), map: hex(map), message: messageJson(message) };
}
