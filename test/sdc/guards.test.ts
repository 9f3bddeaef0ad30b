import { createPublicKey, randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { der, oid, small, Tag } from '../../src/sdc/der.ts';
import { agreedKek } from '../../src/sdc/key-agreement.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { encrypted, identity, message, open, payload, payloadOf, signed, verdict } from './identity.ts';

const server = identity();
const client = identity();
const stranger = identity();
const [sealed] = await createSealer({ signer: client }).seal([
  { message: message(server), recipient: server },
]);
const good = Buffer.from(sealed?.sdc as Uint8Array);
const goodSigned = signed(payloadOf(message(server)), client);

const reason = async (sdc: Uint8Array) => {
  const result = await open(sdc, server, client);
  return result.ok ? 'opened' : `${result.reason.code} ${Object.values(result.reason.params).join()}`.trim();
};
/** The good one with its first `from` replaced; the two are of one length. */
function replaced(bytes: Buffer, from: Buffer, to: Buffer): Buffer {
  const at = bytes.indexOf(from);
  expect(at).toBeGreaterThan(0);
  return Buffer.concat([bytes.subarray(0, at), to, bytes.subarray(at + from.length)]);
}
const hexed = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('the shape of an SDC', () => {
  it('is looked at only where the size allows', async () => {
    expect(await reason(Buffer.alloc(16 * 1024 + 1, 0x30))).toBe('sdc-too-large 16385');
  });

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'sdc-malformed truncated'],
    ['a lone tag', hexed('30'), 'sdc-malformed truncated'],
    ['many small values', der(0x30, Buffer.alloc(16_000, hexed('0500'))), 'sdc-malformed nodes'],
    ['deep nesting', nested(40), 'sdc-malformed depth'],
    ['an indefinite length with nothing in it', hexed('3080 0000'), 'sdc-malformed content type'],
    ['an indefinite length without an end', hexed('3080 0500'), 'sdc-malformed truncated'],
    ['many values of indefinite length', hexed(`3080 ${'0500'.repeat(600)} 0000`), 'sdc-malformed nodes'],
    [
      'deep nesting of indefinite lengths',
      hexed(`${'3080'.repeat(40)}${'0000'.repeat(40)}`),
      'sdc-malformed depth',
    ],
    ['an indefinite length inside a definite one', hexed('3004 3080 0000'), 'sdc-malformed length'],
    ['a length that is not minimal', hexed('30 81 02 0500'), 'sdc-malformed length'],
    ['a length of five octets', hexed('30 84 00000002 0500'), 'sdc-malformed length'],
    ['a length past the end', hexed('30 03 0500'), 'sdc-malformed truncated'],
    ['an inner length past the outer', hexed('30 02 0501 00'), 'sdc-malformed truncated'],
    ['a high tag number', hexed('30 03 1f8100'), 'sdc-malformed tag'],
    ['bytes after the end', Buffer.concat([good, hexed('00')]), 'sdc-malformed trailing bytes'],
    ['a cut', good.subarray(0, -1), 'sdc-malformed truncated'],
    ['random bytes', Buffer.concat([hexed('30 05'), hexed('ffffffffff')]), 'sdc-malformed tag'],
    ['another content type', encryptedData(), 'sdc-algorithm content type'],
  ])('refuses %s', async (_name, sdc, expected) => {
    expect(await reason(sdc)).toBe(expected);
  });

  it.each<[string, string, string, string]>([
    ['AuthEnvelopedData version 1', '020100 3181', '020101 3181', 'sdc-malformed version'],
    ['recipient version 2', '020103 a0', '020102 a0', 'sdc-malformed recipient version'],
    ['unused bits in the point', '032200', '032201', 'sdc-malformed originator point'],
    ['a curve-less key', '2a8648ce3d0201', '2a8648ce3d0202', 'sdc-algorithm originator key'],
    ['the SHA-1 KDF', '2b8104010b01', '2b8104010b00', 'sdc-algorithm key agreement'],
    ['AES-128 wrap', '60864801650304012d', '608648016503040105', 'sdc-algorithm key agreement'],
    ['AES-128-GCM', '60864801650304012e', '608648016503040106', 'sdc-algorithm content encryption'],
    ['a tag of 13 bytes', '02010c', '02010d', 'sdc-algorithm GCM tag length'],
    ['a tag of 16 bytes that has 12', '02010c', '020110', 'sdc-algorithm tag length'],
    [
      'encrypted "signed data"',
      '2a864886f70d010701',
      '2a864886f70d010702',
      'sdc-algorithm encrypted content type',
    ],
  ])('refuses %s', async (_name, from, to, expected) => {
    expect(await reason(replaced(good, hexed(from), hexed(to)))).toBe(expected);
  });

  it('refuses the point with the other y, which agrees on the same key', async () => {
    const at = good.indexOf(hexed('032200')) + 3;
    const twin = Buffer.from(good);
    expect(twin[at]).toBe(2);
    twin[at] = 3;
    expect(await reason(twin)).toBe('sdc-malformed originator point');
  });

  it('refuses a point that is not on the curve, before any arithmetic', async () => {
    const at = good.indexOf(hexed('032200')) + 3;
    const outcomes = new Set<string>();
    for (let x = 0; x < 20; x++) {
      const sdc = Buffer.from(good);
      sdc.fill(0, at + 1, at + 33);
      sdc[at + 32] = x;
      outcomes.add(await reason(sdc));
    }
    expect(outcomes).toContain('sdc-malformed originator point');
    for (const outcome of outcomes) expect(outcome).not.toMatch(/internal|opened/);
  });

  it('takes an uncompressed point on the curve, and no other form of one', () => {
    const { x, y } = createPublicKey(identity().privateKey).export({ format: 'jwk' });
    const [left, right] = [x, y].map(part => Buffer.from(part as string, 'base64url')) as [Buffer, Buffer];
    const point = (form: number, ...parts: Uint8Array[]) => Buffer.concat([Uint8Array.of(form), ...parts]);
    expect(agreedKek(server.privateKey, point(4, left, right))).toHaveLength(32);
    const off = Buffer.from(right);
    off[31] = (off[31] as number) ^ 1;
    const zero = Buffer.alloc(32);
    const others = [
      point(4, left, off),
      point(4, zero, zero),
      point(4, Buffer.alloc(64, 0xff)),
      point(6 | ((right[31] as number) & 1), left, right),
      point(4, left),
      point(2, left, right),
      point(0),
      Buffer.alloc(0),
    ];
    for (const other of others)
      expect(() => agreedKek(server.privateKey, other)).toThrow(
        expect.objectContaining({ code: 'sdc-malformed' }),
      );
  });
});

describe('who it is for and who it is from', () => {
  it('refuses what is encrypted to another key', async () => {
    expect(verdict(await open(good, stranger, client))).toBe('sdc-not-for-us');
  });

  it('refuses a signer that the directory does not know', async () => {
    const result = await open(good, server, stranger);
    expect(result).toMatchObject({ ok: false, reason: { code: 'sdc-signer-unknown' } });
  });

  it('refuses a signature by another key than the one named', async () => {
    const claimed = signed(payloadOf(message(server)), { ...stranger, keyId: client.keyId });
    expect(await reason(encrypted(claimed, server))).toBe('sdc-signature');
  });

  it('refuses what its signer meant for somebody else, encrypted again to us', async () => {
    const meant = signed(payloadOf(message(stranger)), client);
    expect(await reason(encrypted(meant, server))).toBe('sdc-not-for-us');
  });

  it('refuses a public key that is not the one its id names', async () => {
    const result = await open(good, server, { ...stranger, keyId: client.keyId });
    expect(verdict(result)).toBe('sdc-signer-unknown');
  });

  it('refuses a flipped bit anywhere in the outside', async () => {
    for (let bit = 0; bit < good.length * 8; bit += 7) {
      const sdc = Buffer.from(good);
      sdc[bit >> 3] = (sdc[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(await reason(sdc)).toMatch(/^sdc-/);
    }
  });

  it('refuses a flipped bit anywhere in the inside', async () => {
    expect(await reason(encrypted(goodSigned, server))).toBe('opened');
    for (let bit = 0; bit < goodSigned.length * 8; bit += 5) {
      const inside = Buffer.from(goodSigned);
      inside[bit >> 3] = (inside[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(await reason(encrypted(inside, server))).toMatch(/^sdc-/);
    }
  });
});

describe('the inside', () => {
  const data = oid('1.2.840.113549.1.7.1');

  it('refuses signed attributes of an EC signer: they can be stripped into another message that verifies', async () => {
    const attributes = der(0xa0, der(Tag.sequence, data));
    const sha256 = der(Tag.sequence, oid('2.16.840.1.101.3.4.2.1'));
    const ecdsa = der(Tag.sequence, oid('1.2.840.10045.4.3.2'));
    const info = der(
      Tag.sequence,
      small(3),
      der(0x80, client.keyId),
      sha256,
      attributes,
      ecdsa,
      der(Tag.octetString, randomBytes(70)),
    );
    const content = der(
      Tag.sequence,
      small(3),
      der(Tag.set, sha256),
      der(Tag.sequence, data, der(0xa0, der(Tag.octetString, hexed('0100')))),
      der(Tag.set, info),
    );
    const inside = der(Tag.sequence, oid('1.2.840.113549.1.7.2'), der(0xa0, content));
    expect(await reason(encrypted(inside, server))).toBe('sdc-algorithm signature');
  });

  it('refuses a payload that could be signed attributes', async () => {
    expect(await reason(encrypted(signed(hexed('3100'), client), server))).toBe('sdc-payload version 49');
  });
});

describe('the payload', () => {
  const map = (change: Record<number, unknown>, drop: readonly number[] = []) => {
    const fields = new Map<number, unknown>([
      [0, 1],
      [1, 'Naissance'],
      [2, ['Status']],
      [3, [2]],
    ]);
    for (const [name, value] of Object.entries(change)) fields.set(Number(name), value);
    for (const name of drop) fields.delete(name);
    return encode(fields);
  };
  const bytes = (cbor: Uint8Array) => payload(server, deflateRawSync(cbor));
  const receipt = { 0: 2, 4: randomBytes(8), 5: [5], 6: randomBytes(32) };
  const table = [1, 2, 3];
  const unproven = [...table, 6];
  const good = deflateRawSync(map({}));
  const bomb = deflateRawSync(Buffer.alloc(10_000_000));

  it.each<[string, Buffer, string]>([
    ['nothing', Buffer.alloc(0), 'sdc-payload version undefined'],
    ['another version', hexed('0200'), 'sdc-payload version 2'],
    ['a head that is cut', payload(server, good).subarray(0, 20), 'sdc-payload message id'],
    ['an id of 7 bytes', payload(server, good, { id: randomBytes(7) }), 'sdc-payload message id'],
    ['an id of 17 bytes', payload(server, good, { id: randomBytes(17) }), 'sdc-payload message id'],
    ['an unknown dictionary', payload(server, good, { dictionary: 255 }), 'sdc-payload dictionary 255'],
    [
      'another dictionary than it was deflated with',
      payload(server, hexed('0b6200'), { dictionary: 1 }),
      'sdc-payload',
    ],
    ['no deflate stream', payload(server, hexed('ffff')), 'sdc-payload invalid block type'],
    ['a cut stream', payload(server, good.subarray(0, -3)), 'sdc-payload deflate stream cut'],
    [
      'bytes after the stream',
      Buffer.concat([payload(server, good), hexed('00')]),
      'sdc-payload bytes after the deflate stream',
    ],
    ['a bomb', payload(server, bomb), 'sdc-payload more than 65536 bytes inflated'],
  ])('refuses %s', async (_name, content, expected) => {
    expect(await reason(encrypted(signed(content, client), server))).toContain(expected);
  });

  it.each<[string, Uint8Array, string]>([
    ['what it should be', map({}), 'opened'],
    ['a receipt', map(receipt, table), 'opened'],
    ['no map', encode([]), 'sdc-payload map'],
    ['an unknown service', map({ 0: 99 }), 'sdc-payload service'],
    ['no service', map({}, [0]), 'sdc-payload field 0'],
    ['a table that is a number', map({ 1: 4 }), 'sdc-payload table'],
    ['columns that are no array', map({ 2: 'Status' }), 'sdc-payload columns'],
    ['a column twice', map({ 2: ['a', 'a'], 3: [1, 2] }), 'sdc-payload column named twice'],
    ['1 601 columns', map({ 2: Array(1_601).fill('a'), 3: [] }), 'sdc-payload columns'],
    ['a column name that is a number', map({ 2: [1] }), 'sdc-payload column name'],
    ['fewer values than columns', map({ 3: [] }), 'sdc-payload number of values'],
    ['more values than columns', map({ 3: [1, 2] }), 'sdc-payload number of values'],
    ['one record as an array of one', map({ 3: [[1]] }), 'sdc-payload number of records'],
    ['two records', map({ 3: [[1], [2]] }), 'opened'],
    ['250 records', map({ 3: Array(250).fill([2]) }), 'opened'],
    ['251 records', map({ 3: Array(251).fill([2]) }), 'sdc-payload number of records'],
    ['a record with fewer values than the first', map({ 3: [[1], []] }), 'sdc-payload number of values'],
    ['a record after values', map({ 2: ['a', 'b'], 3: [1, [2]] }), 'sdc-payload value'],
    ['a value after a record', map({ 2: ['a'], 3: [[1], 2] }), 'sdc-payload values'],
    ['a value that is an array in a record', map({ 3: [[1], [[2]]] }), 'sdc-payload value'],
    [
      'records with a column twice',
      map({
        2: ['a', 'a'],
        3: [
          [1, 2],
          [1, 2],
        ],
      }),
      'sdc-payload column named twice',
    ],
    ['an unknown field', map({ 77: 1 }), 'sdc-payload bytes after the message'],
    ['a receipt with a table', map(receipt), 'sdc-payload field 4'],
    ['a receipt about half an id', map({ ...receipt, 4: randomBytes(4) }, table), 'sdc-payload receipt ids'],
    [
      'a receipt of nothing',
      map({ ...receipt, 4: Buffer.alloc(0), 5: [] }, table),
      'sdc-payload receipt ids',
    ],
    ['ids of fewer than the outcomes', map({ ...receipt, 5: [1, 1, 1] }, table), 'sdc-payload receipt ids'],
    ['a receipt with an odd outcome', map({ ...receipt, 5: ['filed'] }, table), 'sdc-payload outcome'],
    ['a receipt without its digest', map(receipt, unproven), 'sdc-payload field 6'],
    [
      'a digest where nothing was filed',
      map({ ...receipt, 5: [null] }, table),
      'sdc-payload bytes after the message',
    ],
    [
      'outcomes of several records',
      map({ ...receipt, 5: [[5, null, true, ['usage', {}]]] }, table),
      'opened',
    ],
    ['outcomes that start with a reason', map({ ...receipt, 5: [[['usage', {}], 5]] }, table), 'opened'],
    ['what was done', map({ ...receipt, 5: [true] }, unproven), 'opened'],
    [
      'a digest of what was done',
      map({ ...receipt, 5: [true] }, table),
      'sdc-payload bytes after the message',
    ],
    ['one outcome in an array', map({ ...receipt, 5: [[5]] }, table), 'sdc-payload number of outcomes'],
    ['no outcome in an array', map({ ...receipt, 5: [[]] }, unproven), 'sdc-payload number of outcomes'],
    ['251 outcomes', map({ ...receipt, 5: [Array(251).fill(1)] }, table), 'sdc-payload number of outcomes'],
    ['outcomes within outcomes', map({ ...receipt, 5: [[5, [5, 5]]] }, table), 'sdc-payload reason'],
    ['false as an outcome', map({ ...receipt, 5: [false] }, table), 'sdc-payload outcome'],
    [
      'ids of one length in an array',
      map({ ...receipt, 4: [receipt[4], receipt[4]], 5: [1, 1] }, table),
      'sdc-payload receipt ids',
    ],
    ['no ids in an array', map({ ...receipt, 4: [], 5: [] }, unproven), 'sdc-payload receipt ids'],
    ['a reason without parameters', map({ ...receipt, 5: [['usage']] }, unproven), 'sdc-payload reason'],
    ['a reason with a list', map({ ...receipt, 5: [['usage', { a: [] }]] }, unproven), 'sdc-payload reason'],
  ])('%s', async (_name, cbor, expected) => {
    expect(await reason(encrypted(signed(bytes(cbor), client), server))).toBe(expected);
  });

  it.each<[string, string, string]>([
    ['a head that is not the shortest', 'a4 1800 01 0161410280', 'field 0'],
    ['a length that is not the shortest', `a4 0001 01 7801 41 0280 0380`, 'table not in its shortest form'],
    ['an indefinite length', 'bf 0001 ff', 'map'],
    ['a key twice', 'a4 0001 0001', 'field 1'],
    ['keys out of order', 'a4 01 61 41 0001', 'field 0'],
    ['undefined', 'a4 0001 016141 02 81 6141 03 81 f7', 'value'],
    ['an unknown tag', 'a4 0001 016141 02 81 6141 03 81 c100', 'value'],
    ['a date that is no number', 'a4 0001 016141 02 81 6141 03 81 d86460', 'value'],
    ['a float that is cut', 'a4 0001 016141 02 81 6141 03 81 fb00', 'value cut'],
    ['bytes after the map', 'a4 0001 016141 0280 0380 00', 'bytes after the message'],
    ['text that is not UTF-8', 'a4 0001 0161ff 0280 0380', 'table'],
    ['an array longer than the message', 'a4 0001 016141 029affffffff', 'columns'],
    ['more fields announced than there are', 'a5 0001 016141 0280 0380', 'number of fields'],
    ['nothing', '', 'map cut'],
  ])('refuses CBOR with %s', async (_name, cbor, expected) => {
    const content = bytes(hexed(cbor));
    expect(await reason(encrypted(signed(content, client), server))).toBe(`sdc-payload ${expected}`);
  });

  it.each([
    [65_536, true, 'sdc-malformed'],
    [65_537, true, 'sdc-too-large'],
    [16_384, false, 'sdc-malformed'],
    [16_385, false, 'sdc-too-large'],
  ])('of %i bytes, several records allowed: %s, is %s', async (size, isBatch, expected) => {
    const sdc = Buffer.alloc(size, 0x30);
    const [result] = await createOpener({ recipients: [server] }).open([{ sdc, isBatch }], async () => [
      client,
    ]);
    expect(verdict(result)).toBe(expected);
  });

  it.each([
    [1_048_576, true, 'opened'],
    [1_048_577, true, 'sdc-payload more than 1048576 bytes inflated'],
    [65_536, false, 'opened'],
    [65_537, false, 'sdc-payload more than 65536 bytes inflated'],
  ])('with a map of %i bytes, several records allowed: %s, is %s', async (size, isBatch, expected) => {
    // The text's head takes five bytes where it is long, and is not counted twice.
    const empty = map({ 3: [''] }).length - 1;
    const text = 'x'.repeat(size - empty - (size > 0x1_0000 + empty + 3 ? 5 : 3));
    const cbor = map({ 3: [text] });
    expect(cbor.length).toBe(size);
    const sdc = encrypted(signed(bytes(cbor), client), server);
    const [result] = await createOpener({ recipients: [server] }).open([{ sdc, isBatch }], async () => [
      client,
    ]);
    expect(result?.ok ? 'opened' : `${result?.reason.code} ${result?.reason.params.detail}`).toBe(expected);
  });

  it('keeps a refusal with a reason that only a newer server knows', async () => {
    const content = bytes(map({ ...receipt, 5: [['from-the-future', new Map()]] }, unproven));
    const result = await open(encrypted(signed(content, client), server), server, client);
    expect(result).toMatchObject({
      message: { receipts: [{ about: receipt[4], outcomes: [{ kind: 'refused' }] }] },
    });
  });
});

function nested(depth: number): Buffer {
  let bytes: Buffer = der(Tag.null);
  for (let i = 0; i < depth; i++) bytes = der(Tag.sequence, bytes);
  return bytes;
}

function encryptedData(): Buffer {
  return der(Tag.sequence, oid('1.2.840.113549.1.7.6'), der(0xa0, der(Tag.null)));
}
