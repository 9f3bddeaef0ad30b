import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/core/errors.ts';
import { hex, type Message, type Receipt } from '../../src/core/message.ts';
import { CalendarDate, type Value } from '../../src/core/record.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { identity, message, open, verdict } from './identity.ts';

const server = identity();
const client = identity();

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const bytes = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max });
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  // -0 is 0 on the wire, as in PostgreSQL's integers.
  fc.double({ noNaN: true }).map(number => number + 0),
  text,
  bytes(0, 60),
  fc.integer({ min: -719_162, max: 2_932_896 }).map(days => new CalendarDate(days)),
);
const head = { id: bytes(8, 16), recipient: fc.constant(server.keyId), at: fc.nat() };
const exported = fc.record({
  ...head,
  service: fc.constant('EXPORT' as const),
  table: fc.oneof(fc.constantFrom('Naissance', 'ResultatVote'), text),
  record: fc
    .uniqueArray(fc.tuple(text, value), { selector: ([name]) => name })
    .map(columns => new Map(columns)),
});
const about = { about: fc.oneof(bytes(8, 8), bytes(8, 16)) };
const receipt: fc.Arbitrary<Receipt> = fc.oneof(
  fc.record({
    ...about,
    outcome: fc.constant('filed' as const),
    numero: fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }),
  }),
  fc.record({ ...about, outcome: fc.constant('refused' as const) }),
  fc.record({
    ...about,
    outcome: fc.constant('refused' as const),
    reason: fc.record({
      code: fc.constantFrom(...errorCodes),
      params: fc.dictionary(text, fc.oneof(text, fc.integer()), { noNullPrototype: true }),
    }),
  }),
);
const receipts = fc
  .record({
    ...head,
    service: fc.constant('RECEIPT' as const),
    receipts: fc.array(receipt, { minLength: 1, maxLength: 20 }),
    digest: bytes(32, 32),
  })
  .map(message =>
    message.receipts.some(({ outcome }) => outcome === 'filed')
      ? message
      : { ...message, digest: new Uint8Array() },
  );

/** Bytes as hexadecimal, numbers as their decimal text (5 and 5n are one number on the wire). */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `h'${hex(value)}'`;
  if (value instanceof CalendarDate) return `date ${value.toString()}`;
  if (value instanceof Map) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'number' || typeof value === 'bigint') return `number ${value}`;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  }
  return value;
}

describe('a message', () => {
  it('comes out as it went in, column order included', async () => {
    const sealer = createSealer({ signer: client });
    const opener = createOpener({ recipients: [server] });
    await fc.assert(
      fc.asyncProperty(fc.oneof(exported, receipts), async (message: Message) => {
        const [sealed] = await sealer.seal([{ message, recipient: server }]);
        const [result] = await opener.open([sealed?.sdc as Uint8Array], async () => [client]);
        if (!result?.ok) throw new Error(JSON.stringify(result));
        expect(plain(result.message)).toEqual(plain(message));
        expect(hex(result.digest)).toBe(hex(sealed?.digest as Uint8Array));
        expect(hex(result.signer)).toBe(hex(client.keyId));
      }),
      { numRuns: 300 },
    );
  });

  it('keeps its place in a batch, whatever stands beside it', async () => {
    const sealer = createSealer({ signer: client });
    const messages = [message(server), message(server), message(server)];
    const sealed = await sealer.seal(messages.map(message => ({ message, recipient: server })));
    const sdcs = [sealed[0]?.sdc, randomBytes(100), sealed[2]?.sdc, sealed[1]?.sdc] as Uint8Array[];
    let asked = 0;
    const results = await createOpener({ recipients: [server] }).open(sdcs, async ids => {
      asked += ids.length;
      return [client];
    });
    expect(results.map(result => (result.ok ? hex(result.message.id) : result.reason.code))).toEqual([
      hex(messages[0]?.id as Uint8Array),
      'sdc-malformed',
      hex(messages[2]?.id as Uint8Array),
      hex(messages[1]?.id as Uint8Array),
    ]);
    expect(asked).toBe(1);
  });

  it('opens with either key while a renewed certificate and the one before overlap', async () => {
    const renewed = identity();
    const opener = createOpener({ recipients: [server, renewed] });
    const sealed = await createSealer({ signer: client }).seal(
      [server, renewed].map(recipient => ({ recipient, message: message(recipient) })),
    );
    const results = await opener.open(
      sealed.map(({ sdc }) => sdc),
      async () => [client],
    );
    expect(results.map(verdict)).toEqual(['opened', 'opened']);
  });
});

describe('session keys', () => {
  /** The originator's compressed point: it follows the tag, length and unused bits of its BIT STRING. */
  const ephemeral = (sdc: Uint8Array) => {
    const at = Buffer.from(sdc).indexOf(Buffer.from('032200', 'hex'));
    return hex(sdc.subarray(at + 3, at + 36));
  };
  const seal = async (sessionKeys: boolean, recipients: readonly ReturnType<typeof identity>[]) => {
    const sealer = createSealer({ signer: client, sessionKeys });
    return sealer.seal(recipients.map(recipient => ({ recipient, message: message(recipient) })));
  };

  it('serve one recipient, for 1 000 messages at most', async () => {
    const other = identity();
    const points = (await seal(true, [server, other, server])).map(({ sdc }) => ephemeral(sdc));
    expect(points[0]).toBe(points[2]);
    expect(points[0]).not.toBe(points[1]);
    const many = await seal(
      true,
      Array.from({ length: 1_001 }, () => server),
    );
    expect(new Set(many.map(({ sdc }) => ephemeral(sdc))).size).toBe(2);
  });

  it('can be switched off', async () => {
    const sealed = await seal(false, [server, server]);
    expect(new Set(sealed.map(({ sdc }) => ephemeral(sdc))).size).toBe(2);
    expect(verdict(await open(sealed[0]?.sdc as Uint8Array, server, client))).toBe('opened');
  });

  it('never share a content key', async () => {
    const twice = message(server);
    const sealer = createSealer({ signer: client });
    const sealed = await sealer.seal([twice, twice].map(message => ({ message, recipient: server })));
    const tails = sealed.map(({ sdc }) => hex(sdc.subarray(-300)));
    expect(tails[0]).not.toBe(tails[1]);
  });
});
