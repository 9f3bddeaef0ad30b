import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiryWarnings, firstWarningMs } from '../../src/pki/expiry.ts';
import { accepted, type Generation, recipientOf, signerOf } from '../../src/pki/generation.ts';

const day = 86_400_000;

describe('generations of a key', () => {
  const old = { name: 'old', notBefore: 0, notAfter: 400 * day };
  const young = { name: 'young', notBefore: 300 * day, notAfter: 700 * day };
  const both = [old, young];

  it.each([
    ['before the first', -1, undefined, undefined, []],
    ['the first alone', 10, 'old', 'old', ['old']],
    [
      'just renewed: sealed to the new one, signed with the one that is known',
      305,
      'young',
      'old',
      ['young', 'old'],
    ],
    ['a month later: signed with the new one, the old still opens', 330, 'young', 'young', ['young', 'old']],
    ['the last day of the old one', 400, 'young', 'young', ['young', 'old']],
    ['the old one has ended', 401, 'young', 'young', ['young']],
    ['all have ended', 701, undefined, undefined, []],
  ])('%s', (_name, at, recipient, signer, all) => {
    const now = at * day;
    expect(recipientOf(both, now)?.name).toBe(recipient);
    expect(signerOf(both, now, 30 * day)?.name).toBe(signer);
    expect(accepted(both, now).map(({ name }) => name)).toEqual(all);
  });

  it('a revoked one counts no longer, from its hour on', () => {
    const revoked = [old, { ...young, revokedAt: 310 * day }];
    expect(recipientOf(revoked, 309 * day)?.name).toBe('young');
    expect(recipientOf(revoked, 310 * day)?.name).toBe('old');
    expect(signerOf(revoked, 350 * day, 30 * day)?.name).toBe('old');
  });

  it('what one side seals to or signs with, the other side accepts, whatever the generations', () => {
    const moment = fc.integer({ min: 0, max: 1000 });
    const generation: fc.Arbitrary<Generation> = fc
      .tuple(moment, moment, fc.option(moment, { nil: undefined }))
      .map(([notBefore, length, revokedAt]) => ({ notBefore, notAfter: notBefore + length, revokedAt }));
    fc.assert(
      fc.property(fc.array(generation, { maxLength: 6 }), moment, moment, (generations, now, lead) => {
        const open = accepted(generations, now);
        const [recipient, signer] = [recipientOf(generations, now), signerOf(generations, now, lead)];
        expect(recipient === undefined).toBe(open.length === 0);
        expect(signer === undefined).toBe(open.length === 0);
        if (recipient && signer) expect(open).toEqual(expect.arrayContaining([recipient, signer]));
      }),
    );
  });
});

describe('warnings of the end', () => {
  const now = 1_000 * day;
  const ending = (owner: string, days: number) => ({ owner, notAfter: now + days * day });

  it.each([
    [60.01, []],
    [60, [{ daysLeft: 60, week: 0 }]],
    [53.01, [{ daysLeft: 53, week: 0 }]],
    [53, [{ daysLeft: 53, week: 1 }]],
    [4, [{ daysLeft: 4, week: 8 }]],
    [0.5, [{ daysLeft: 0, week: 8 }]],
    [-1, [{ daysLeft: -1, week: 8 }]],
    [-4, [{ daysLeft: -4, week: 9 }]],
  ])('%d days before', (days, expected) => {
    expect(expiryWarnings([ending('a', days)], now)).toMatchObject(expected);
  });

  it('come once a week as time goes on', () => {
    const certificate = ending('a', 60);
    const weeks = Array.from(
      { length: 60 },
      (_, at) => expiryWarnings([certificate], now + at * day)[0]?.week,
    );
    expect(new Set(weeks).size).toBe(9);
    expect(weeks).toEqual([...weeks].sort((a, b) => (a ?? 0) - (b ?? 0)));
    expect(expiryWarnings([certificate], certificate.notAfter - firstWarningMs - 1)).toEqual([]);
  });

  it('leave out what has been renewed, and begin with the most urgent', () => {
    const found = expiryWarnings(
      [ending('a', 10), ending('a', 300), ending('b', 20), ending('c', -5), ending('b', 8)],
      now,
    );
    expect(found.map(({ certificate, daysLeft }) => [certificate.owner, daysLeft])).toEqual([
      ['c', -5],
      ['b', 20],
    ]);
  });
});
