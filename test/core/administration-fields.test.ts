import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference } from '../../src/core/administration/act.ts';
import {
  dayOf,
  matriculeOf,
  nameOf,
  privilegeOf,
  statusOf,
  telephoneOf,
  userNameOf,
} from '../../src/core/administration/field.ts';
import { newPasswordHash } from '../../src/core/administration/password.ts';
import { XmError } from '../../src/core/errors.ts';
import { verifyPassword } from '../../src/core/password.ts';

const codeOf = (check: () => unknown) => {
  try {
    check();
  } catch (error) {
    if (error instanceof XmError) return error.code;
    throw error;
  }
  return 'taken';
};

describe('fields', () => {
  it('are tidied: single blanks, none at the ends, composed characters', () => {
    expect(nameOf('  Mairie\t de   Yaounde\u0301 ')).toBe('Mairie de Yaoundé');
    expect(userNameOf(' mbome ')).toBe('mbome');
    expect(telephoneOf(' +237  699 (0) 1-2/3.4 ')).toBe('+237 699 (0) 1-2/3.4');
  });

  it.each([
    ['', 'name-invalid'],
    [' \t ', 'name-invalid'],
    ['x'.repeat(121), 'name-invalid'],
    ['a\u001b[31mb', 'name-invalid'],
    ['a\0b', 'name-invalid'],
    ['a\ud800b', 'name-invalid'],
    // Turns the text around that stands beside it.
    ['a\u202eb', 'name-invalid'],
    ['Ŋgɔ́ndédí', 'taken'],
    ['القرية', 'taken'],
    ['x'.repeat(120), 'taken'],
  ])('name %j: %s', (text, code) => {
    expect(codeOf(() => nameOf(text))).toBe(code);
  });

  it.each([
    ['699 00 00 00', 'taken'],
    ['', 'taken'],
    ['699;drop', 'telephone-invalid'],
    ['６９９', 'telephone-invalid'],
    ['1'.repeat(41), 'telephone-invalid'],
  ])('telephone %j: %s', (text, code) => {
    expect(codeOf(() => telephoneOf(text))).toBe(code);
  });

  it.each([
    ['mbome', 'taken'],
    ['Élise.N-2_b', 'taken'],
    ['m', 'user-name-invalid'],
    ['2mb', 'user-name-invalid'],
    // Would pass for somebody of the command line in the journal.
    ['os:root', 'user-name-invalid'],
    ['a b', 'user-name-invalid'],
    [`a${'b'.repeat(32)}`, 'user-name-invalid'],
  ])('user name %j: %s', (text, code) => {
    expect(codeOf(() => userNameOf(text))).toBe(code);
  });

  it.each([
    ['2026-02-28', 'taken'],
    ['2024-02-29', 'taken'],
    ['2026-02-29', 'day-invalid'],
    ['2026-13-01', 'day-invalid'],
    ['26-01-01', 'day-invalid'],
    ['2026-01-01T00:00', 'day-invalid'],
    ['', 'day-invalid'],
  ])('day %j: %s', (text, code) => {
    expect(codeOf(() => dayOf(text))).toBe(code);
  });

  it('are numbers within their bounds', () => {
    for (const value of [-1, 4, 1.5, Number.NaN]) {
      expect(codeOf(() => statusOf(value))).toBe('client-status-invalid');
    }
    for (const value of [-1, 5, 0.5, Number.NaN]) {
      expect(codeOf(() => privilegeOf(value))).toBe('privilege-invalid');
    }
    for (const value of [0, -1, 1.5, 2 ** 31, Number.NaN]) {
      expect(codeOf(() => matriculeOf(value))).toBe('matricule-invalid');
    }
    expect([statusOf(3), privilegeOf(4), matriculeOf(2 ** 31 - 1)]).toEqual([3, 4, 2_147_483_647]);
  });

  it('that are taken are taken again as they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 140 }), text => {
        let name: string;
        try {
          name = nameOf(text);
        } catch {
          return;
        }
        expect(nameOf(name)).toBe(name);
      }),
    );
  });
});

describe('a new password', () => {
  it.each([
    ['sept777', 'password-short'],
    ['é'.repeat(3), 'password-short'],
    ['aaaaaaaaaaaa', 'password-obvious'],
    ['abababab', 'password-obvious'],
    ['ZeroKey2026', 'password-obvious'],
    ['Mbome-2026', 'password-obvious'],
    ['xmserver17', 'password-obvious'],
    ['x y z '.repeat(40), 'password-long'],
  ])('%s: %s', (password, code) => {
    expect(codeOf(() => newPasswordHash(password, 'mbome'))).toBe(code);
  });

  it('opens however its accents are typed', async () => {
    const hash = await newPasswordHash('trois chats e\u0301gare\u0301s', 'mbome');
    expect(await verifyPassword('trois chats égarés', hash)).toBe(true);
    expect(await verifyPassword('trois chats egares', hash)).toBe(false);
  });
});

describe('what an act changed', () => {
  it('is told before and after, by the fields that differ', () => {
    const before = { name: 'a', town: 'b', until: undefined, rights: ['x'] };
    expect(difference(before, { ...before })).toBeUndefined();
    expect(difference(before, { ...before, rights: ['x'] })).toBeUndefined();
    expect(difference<object>(before, { ...before, town: 'c', until: '2026-01-01' })).toEqual({
      before: { town: 'b', until: null },
      after: { town: 'c', until: '2026-01-01' },
    });
  });
});
