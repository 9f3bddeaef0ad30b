/** Licence keys in hostile hands. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base32, fromBase32 } from '../../src/core/base32.ts';
import { XmError } from '../../src/core/errors.ts';
import { verifyLicence } from '../../src/core/licence.ts';
import { installationText, type Licence, licenceText, makeLicenceKey } from '../../src/core/licence-key.ts';

const vendor = generateKeyPairSync('ed25519');
const otherVendor = generateKeyPairSync('ed25519');
const installation = installationText(randomBytes(10));
const licence: Licence = {
  installation,
  clients: 5_000,
  holder: 'Ministère de l’Administration territoriale',
  issued: '2026-03-01',
  until: '2027-02-28',
};
const key = makeLicenceKey(licence, vendor.privateKey);
const now = Date.UTC(2026, 5, 1);
const made = (changes: Partial<Licence>, by: KeyObject = vendor.privateKey) =>
  makeLicenceKey({ ...licence, ...changes }, by);

function codeOf(text: string, at = now, own = installation): string | undefined {
  try {
    verifyLicence(text, vendor.publicKey, own, at);
    return undefined;
  } catch (error) {
    if (error instanceof XmError) return error.code;
    throw error;
  }
}

/** The bytes inside; `licenceText` gives them lines that are right again, as a forger would. */
const inside = (text: string) =>
  Buffer.concat(
    text.split('\n').map(line => Buffer.from(fromBase32(line.replaceAll('-', '').slice(0, -2)) ?? [])),
  );

describe('a key', () => {
  it('says what the vendor has put in', () => {
    expect(verifyLicence(key, vendor.publicKey, installation, now)).toEqual(licence);
    const { until: _, ...endless } = licence;
    const text = makeLicenceKey(endless, vendor.privateKey);
    expect(verifyLicence(text, vendor.publicKey, installation, Date.UTC(2099, 0, 1))).toEqual(endless);
  });

  it('is read however it was typed', () => {
    const lower = key.toLowerCase();
    const oneLine = key.replaceAll('\n', ' ');
    const bare = key.replace(/[-\n]/g, '');
    const likeLetters = key.replaceAll('0', 'O').replaceAll('1', 'l');
    const commented = `# ${licence.holder}\r\n${key.replaceAll('\n', '\r\n')}\r\n`;
    for (const text of [lower, oneLine, bare, likeLetters, commented]) expect(codeOf(text)).toBeUndefined();
  });

  it('tells which line is mistyped', () => {
    const lines = key.split('\n');
    const third = (lines[2] ?? '').replace(/^./, letter => (letter === '7' ? '8' : '7'));
    const text = lines.with(2, third).join('\n');
    expect(() => verifyLicence(text, vendor.publicKey, installation, now)).toThrow(/unreadable: 3 :/);
    expect(
      codeOf(
        lines
          .with(0, lines[1] ?? '')
          .with(1, lines[0] ?? '')
          .join('\n'),
      ),
    ).toBe('licence-malformed');
  });

  it('survives no change, wherever it is', () => {
    const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.split('');
    const places = key.split('').flatMap((letter, at) => (letters.includes(letter) ? [at] : []));
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(...letters), (at, letter) => {
        fc.pre(key[at] !== letter);
        const text = key.slice(0, at) + letter + key.slice(at + 1);
        expect(['licence-malformed', 'licence-signature']).toContain(codeOf(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('survives no flipped bit, though every line be right again', () => {
    const bytes = inside(key);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(['licence-malformed', 'licence-signature']).toContain(codeOf(licenceText(flipped)));
    }
    expect(codeOf(licenceText(bytes))).toBeUndefined();
  });

  it.each([
    ['', ''],
    ['nothing of it', 'bonjour'],
    ['cut', key.slice(0, 90)],
    ['twice', `${key}\n${key}`],
    ['very long', `${key}\n`.repeat(2_000)],
    ['with a letter that is none', key.replace(/^./, 'U')],
  ])('%s is malformed', (_name, text) => {
    expect(codeOf(text)).toBe('licence-malformed');
  });

  it('never fails otherwise, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array({ maxLength: 200 }).map(licenceText)), text => {
        expect(['licence-malformed', 'licence-signature']).toContain(codeOf(text));
      }),
      { numRuns: 500 },
    );
  });

  it('of another vendor is none', () => {
    expect(codeOf(made({}, otherVendor.privateKey))).toBe('licence-signature');
  });

  it('is no signature over something else that the vendor has signed', () => {
    const body = inside(key).subarray(0, -64);
    const signed = Buffer.concat([body, sign(null, body, vendor.privateKey)]);
    expect(codeOf(licenceText(signed))).toBe('licence-signature');
  });

  it('of another installation is refused', () => {
    expect(codeOf(key, now, installationText(randomBytes(10)))).toBe('licence-installation');
  });

  it.each([0, 1, 999, 100_001, 0xffffff])(
    'for %d clients is refused, though the vendor has signed it',
    clients => {
      expect(codeOf(made({ clients }))).toBe('licence-clients');
    },
  );

  it.each([1_000, 100_000])('for %d clients is good', clients => {
    expect(codeOf(made({ clients }))).toBeUndefined();
  });

  it('ends after its last day', () => {
    expect(codeOf(key, Date.UTC(2027, 1, 28, 23, 59, 59))).toBeUndefined();
    expect(codeOf(key, Date.UTC(2027, 2, 1))).toBe('licence-ended');
  });

  it('holds no more than its form', () => {
    for (const changes of [
      { holder: '' },
      { holder: 'é'.repeat(33) },
      { installation: 'ABC' },
      { until: 'demain' },
      { until: '2400-01-01' },
    ])
      expect(() => made(changes)).toThrow(XmError);
    expect(codeOf(made({ holder: 'é'.repeat(32) }))).toBeUndefined();
  });
});

describe('base 32', () => {
  it('comes back as it went', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), bytes => {
        expect(fromBase32(base32(bytes))).toEqual(bytes);
      }),
    );
  });

  it('has one text for the same bytes', () => {
    expect(fromBase32('ZZ')).toBeUndefined();
    expect(fromBase32('U0')).toBeUndefined();
    expect(fromBase32('0')).toBeUndefined();
  });
});
