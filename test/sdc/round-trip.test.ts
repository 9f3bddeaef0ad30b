import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XmError } from '../../src/core/errors.ts';
import { hex, type Service } from '../../src/core/message.ts';
import { CalendarDate } from '../../src/core/record.ts';
import { isRecord } from '../../src/core/structured-record.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { decodePayload, encodePayload } from '../../src/sdc/payload.ts';
import { createSealer } from '../../src/sdc/sealer.ts';
import { messageOf, services } from './arbitrary.ts';
import { closed, identity, message, open, verdict } from './identity.ts';

const server = identity();
const client = identity();
/** What goes over the wire most is tried most. */
const runs: Partial<Record<Service, number>> = { EXPORT: 200, RECEIPT: 200, IMPORT: 120 };

/** Bytes as hexadecimal, numbers as their decimal text (5 and 5n are one number on the wire). */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `h'${hex(value)}'`;
  if (value instanceof CalendarDate) return `date ${value.days}`;
  if (isRecord(value)) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'number' || typeof value === 'bigint') return `number ${value}`;
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  }
  return value;
}

describe('a message', () => {
  it.each(services)('of %s comes out as it went in', async service => {
    const sealer = createSealer({ signer: client });
    const opener = createOpener({ recipients: [server] });
    await fc.assert(
      fc.asyncProperty(messageOf(service, server), async message => {
        const [sealed] = await sealer.seal([{ message, recipient: server }]);
        const [result] = await opener.open(closed(sealed?.sdc as Uint8Array), async () => [client]);
        if (!result?.ok) throw new Error(JSON.stringify(result));
        expect(plain(result.message)).toStrictEqual(plain(message));
        expect(hex(result.digest)).toBe(hex(sealed?.digest as Uint8Array));
        expect(hex(result.signer)).toBe(hex(client.keyId));
      }),
      { numRuns: runs[service] ?? 60 },
    );
  });

  it.each(services)(
    'of %s has one encoding: of its maps with a byte changed none reads as the same',
    service => {
      fc.assert(
        fc.property(
          messageOf(service, server),
          fc.nat(),
          fc.integer({ min: 1, max: 255 }),
          (message, at, by) => {
            const { head, map } = encodePayload(message);
            const place = at % map.length;
            const other = Buffer.from(map);
            other[place] = (map[place] as number) ^ by;
            try {
              expect(plain(decodePayload({ head, map: other }))).not.toStrictEqual(plain(message));
            } catch (error) {
              if (!(error instanceof XmError)) throw error;
              expect(error.code).toBe('sdc-payload');
            }
          },
        ),
        { numRuns: 200 },
      );
    },
  );

  it('keeps its place in a batch, whatever stands beside it', async () => {
    const sealer = createSealer({ signer: client });
    const messages = [message(server), message(server), message(server)];
    const sealed = await sealer.seal(messages.map(message => ({ message, recipient: server })));
    const sdcs = [sealed[0]?.sdc, randomBytes(100), sealed[2]?.sdc, sealed[1]?.sdc] as Uint8Array[];
    let asked = 0;
    const results = await createOpener({ recipients: [server] }).open(closed(...sdcs), async ids => {
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
    const results = await opener.open(closed(...sealed.map(({ sdc }) => sdc)), async () => [client]);
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
