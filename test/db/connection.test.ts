/** "Connexion" on a real PostgreSQL: what does not work is not written down. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/cli/connection.ts';
import { claimRunFile } from '../../src/cli/run-file.ts';
import { DataFolder } from '../../src/config.ts';
import type { StartStep } from '../../src/core/console-ports.ts';
import type { DatabaseAccess } from '../../src/core/database-server.ts';
import { migrate } from '../../src/db/migrate.ts';
import { freshName, onServer, serverSettings } from './databases.ts';

const { host, port, user, password } = serverSettings();
const right: DatabaseAccess = { host, port, user, password };

let home: string;
let folder: DataFolder;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xms-connection-'));
  folder = new DataFolder(join(home, 'XMSData'));
});

afterEach(() => rmSync(home, { recursive: true }));

function expectNothingKept(): void {
  expect(existsSync(folder.at('config.json'))).toBe(false);
  expect(readdirSync(folder.at('secrets'))).toEqual([]);
  expect(readdirSync(folder.at('certificates'))).toEqual([]);
}

describe('connecting', () => {
  it('keeps what works, the password apart, and tells how far it is', async () => {
    const steps: StartStep[] = [];
    await connect(folder, right, step => steps.push(step));
    expect(folder.settings).toEqual({ database: { host, port, user } });
    expect(folder.secret('database-password')).toBe(password);
    expect(steps.map(({ id, state }) => `${id} ${state}`)).toEqual(['databases running', 'databases done']);
  });

  it('takes the password that is kept where none is given', async () => {
    await connect(folder, right);
    await connect(folder, { host: 'localhost', port, user });
    expect(folder.settings.database).toEqual({ host: 'localhost', port, user });
    expect(folder.secret('database-password')).toBe(password);
  });

  it.each<[string, Partial<DatabaseAccess>, string]>([
    ['a wrong password', { password: 'wrong' }, 'database-password'],
    ['no password', { password: '' }, 'database-password'],
    ['a user that is none', { user: 'nobody here' }, 'database-password'],
    ['a host that is none', { host: 'no.such.host.invalid' }, 'database-unreachable'],
    ['TLS that the server has not', { sslmode: 'require' }, 'database-tls'],
    ['an authority that cannot be read', { sslmode: 'verify-full', ca: '/nowhere.pem' }, 'file-unreadable'],
  ])('keeps nothing of %s', async (_what, wrong, code) => {
    await expect(connect(folder, { ...right, ...wrong })).rejects.toMatchObject({ code });
    expectNothingKept();
  });

  it('leaves the connection that works where another one is refused', async () => {
    await connect(folder, right);
    await expect(connect(folder, { ...right, password: 'wrong' })).rejects.toMatchObject({
      code: 'database-password',
    });
    expect(folder.settings).toEqual({ database: { host, port, user } });
    expect(folder.secret('database-password')).toBe(password);
  });

  it('waits until the trial of the same folder is stopped', async () => {
    expect(claimRunFile(folder, 'services')).toBe(true);
    await expect(connect(folder, right)).rejects.toMatchObject({ code: 'trial-running' });
    expectNothingKept();
    rmSync(folder.at('run', 'services.json'));
    await connect(folder, right);
    // With a PostgreSQL of its own, what runs here runs there.
    expect(claimRunFile(folder, 'engine')).toBe(true);
    await connect(folder, right);
  });

  it('reads the authority where it is given, before it is kept in the folder', async () => {
    const ca = join(home, 'ca.pem');
    writeFileSync(ca, 'no certificate');
    await expect(connect(folder, { ...right, sslmode: 'verify-ca', ca })).rejects.toMatchObject({
      code: 'certificate-invalid',
    });
    expectNothingKept();
  });
});

it('names who may not create the databases', async () => {
  const role = freshName();
  await onServer(`create role ${role} login password 'p'`);
  const database = freshName();
  const settings = { ...serverSettings(), user: role, password: 'p', database };
  await expect(migrate(settings, [])).rejects.toMatchObject({
    code: 'database-create',
    params: {
      host: `${host}:${port}`,
      user: role,
      database,
      detail: expect.stringMatching(/permission denied/),
    },
  });
});
