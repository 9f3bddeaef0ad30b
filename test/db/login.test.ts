/** Opening a session on a real database: five failures close a name for a quarter of an hour. */
import { beforeEach, describe, expect, it } from 'vitest';
import { setOperatorPassword, suspendOperator } from '../../src/core/administration/operator.ts';
import type { XmError } from '../../src/core/errors.ts';
import { silver } from '../../src/core/licence.ts';
import { logIn } from '../../src/core/login.ts';
import type { Operator } from '../../src/core/operator.ts';
import { hashPassword } from '../../src/core/password.ts';
import { createAdministrationStore } from '../../src/db/system/administration-store.ts';
import { loginRecords } from '../../src/db/system/login.ts';
import { createOperator } from '../../src/db/system/operator.ts';
import { clone } from './databases.ts';

const system = await clone('XMServerSystem');
const superviseur: Operator = { id: 0, userName: 'os:root', name: 'root', privilege: 4 };
const administration = {
  store: createAdministrationStore(system),
  limits: async () => silver,
  tables: async () => new Set<string>(),
};
const passwordHash = await hashPassword('zzzz');
await createOperator(system, { userName: 'Mbome', name: 'Mbome François', privilege: 3, passwordHash });

const attempt = (userName: string, password: string) =>
  logIn(loginRecords(system), userName, password).then(
    ({ userName: name }) => name,
    (error: XmError) => error.code,
  );
const failing = (count: number, userName = 'mbome') =>
  Promise.all(Array.from({ length: count }, () => attempt(userName, 'faux')));
/** As if the last failure were that long ago. */
const later = (minutes: number) =>
  system.query(`update login_failure set last_at = last_at - $1 * interval '1 minute'`, [minutes]);

beforeEach(() => system.query('delete from login_failure'));

describe('a log-in', () => {
  it('is by any case of the name and the right password, and says no more than that it failed', async () => {
    expect(await attempt(' MBOME ', 'zzzz')).toBe('Mbome');
    expect(await attempt('mbome', 'ZZZZ')).toBe('login-failed');
    expect(await attempt('nobody', 'zzzz')).toBe('login-failed');
    expect(await attempt('', '')).toBe('login-failed');
    expect(await attempt('a\0b', 'zzzz')).toBe('login-failed');
  });

  it('never holds the hash', async () => {
    expect(await logIn(loginRecords(system), 'mbome', 'zzzz')).toEqual({
      id: 1,
      userName: 'Mbome',
      name: 'Mbome François',
      privilege: 3,
    });
  });

  it('is closed after five failures, with the right password, too, and open a quarter of an hour later', async () => {
    expect(await failing(4)).toEqual(Array(4).fill('login-failed'));
    expect(await attempt('mbome', 'zzzz')).toBe('Mbome');
    expect(await failing(5)).toEqual(Array(5).fill('login-failed'));
    expect(await attempt('MBOME', 'zzzz')).toBe('operator-locked');
    await expect(logIn(loginRecords(system), 'mbome', 'zzzz')).rejects.toMatchObject({
      params: { minutes: 15 },
    });
    await later(14);
    expect(await attempt('mbome', 'zzzz')).toBe('operator-locked');
    await later(2);
    expect(await attempt('mbome', 'zzzz')).toBe('Mbome');
    expect(await system.query("select operator, detail from journal where act = 'login-lock'")).toEqual([
      { operator: null, detail: { operator: 'Mbome' } },
    ]);
  });

  it('counts failures of the last quarter of an hour', async () => {
    await failing(4);
    await later(16);
    expect(await failing(4)).toEqual(Array(4).fill('login-failed'));
    expect(await attempt('mbome', 'zzzz')).toBe('Mbome');
  });

  it('allows five guesses, however many are made at once', async () => {
    const outcomes = await failing(12);
    expect(outcomes.filter(outcome => outcome === 'login-failed')).toHaveLength(5);
    expect(outcomes.filter(outcome => outcome === 'operator-locked')).toHaveLength(7);
  });

  it('of a name that is none is closed alike, and stands in no journal', async () => {
    const before = await system.query('select count(*) from journal');
    await failing(5, 'motdepasse');
    expect(await attempt('motdepasse', 'zzzz')).toBe('operator-locked');
    expect(await attempt('mbome', 'zzzz')).toBe('Mbome');
    expect(await system.query('select count(*) from journal')).toEqual(before);
  });

  it('is open again at once when somebody has set a new password', async () => {
    await failing(5);
    await setOperatorPassword(administration, superviseur, 'mbome', 'quatre chevaux bais');
    expect(await attempt('mbome', 'quatre chevaux bais')).toBe('Mbome');
    await system.query('update operator set password_hash = $1', [passwordHash]);
  });

  it('of a suspended operator is told so, to him who knows the password', async () => {
    await suspendOperator(administration, superviseur, 'mbome');
    expect(await attempt('mbome', 'zzzz')).toBe('operator-suspended');
    expect(await attempt('mbome', 'faux')).toBe('login-failed');
    await system.query('update operator set privilege = 3');
  });
});
