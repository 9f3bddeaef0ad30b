/** TLS to a real PostgreSQL whose certificate is of our own authority. */
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseConnection, keepCertificates } from '../../src/cli/secure-connection.ts';
import { DataFolder } from '../../src/config.ts';
import { Database, type DatabaseSettings } from '../../src/db/database.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../src/db/embedded-postgres.ts';
import { Listener } from '../../src/db/listener.ts';
import { migrate } from '../../src/db/migrate.ts';
import { tlsOptions } from '../../src/db/tls.ts';
import { takeTurn } from '../../src/db/turn.ts';
import { type BrokerIdentity, brokerIdentity } from '../deploy/identity.ts';

const home = mkdtempSync(join(tmpdir(), 'xms-tls-'));
const identity: BrokerIdentity = brokerIdentity(['localhost']);
let postgres: EmbeddedPostgres;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({
    folder: join(home, 'cluster'),
    passwordFile: join(home, 'password'),
    logFile: join(home, 'log'),
    preferredPort: 0,
  });
  const { uid, gid } = statSync(postgres.folder);
  for (const [name, text] of [
    ['server.key', identity.key],
    ['server.crt', identity.certificate],
  ] as const) {
    writeFileSync(join(postgres.folder, name), text, { mode: 0o600 });
    chownSync(join(postgres.folder, name), uid, gid);
  }
  const database = new Database(settings(), 'test', 1);
  expect(await attempt({ ssl: tlsOptions('require') })).toMatchObject({
    code: 'database-unreachable',
    params: { detail: 'The server does not support SSL connections' },
  });
  await database.query('alter system set ssl = on');
  await database.query('select pg_reload_conf()');
  while ((await database.query<{ ssl: string }>('show ssl'))[0]?.ssl !== 'on');
  await database.close();
}, 60_000);
afterAll(async () => {
  await stopEmbeddedPostgres(postgres);
  rmSync(home, { recursive: true });
});

const settings = (more: Partial<DatabaseSettings> = {}): DatabaseSettings => ({
  ...postgres.server,
  database: 'postgres',
  ...more,
});

/** What PostgreSQL says of the connection, or why there is none. */
async function attempt(more: Partial<DatabaseSettings>): Promise<unknown> {
  const database = new Database(settings(more), 'test', 1);
  try {
    const [row] = await database.query('select ssl, version from pg_stat_ssl where pid = pg_backend_pid()');
    return row;
  } catch (error) {
    return error;
  } finally {
    await database.close();
  }
}

const ours = [identity.authority];
const authorities = {
  ours,
  strangers: [brokerIdentity().authority],
  system: undefined,
} as const;
const encrypted = { ssl: true, version: 'TLSv1.3' };
const refused = (detail: RegExp) => ({
  code: 'database-unreachable',
  params: { detail: expect.stringMatching(detail) as string },
});

describe('a connection to PostgreSQL', () => {
  it.each([
    ['disable', 'system', '127.0.0.1', { ssl: false }],
    ['require', 'system', '127.0.0.1', encrypted],
    ['verify-ca', 'ours', '127.0.0.1', encrypted],
    ['verify-ca', 'strangers', 'localhost', refused(/^unable to verify the first certificate$/)],
    ['verify-full', 'ours', 'localhost', encrypted],
    ['verify-full', 'ours', '127.0.0.1', refused(/does not match certificate's altnames/)],
    ['verify-full', 'system', 'localhost', refused(/^unable to verify the first certificate$/)],
  ] as const)('with %s, authorities: %s, at %s', async (mode, who, host, outcome) => {
    expect(await attempt({ host, ssl: tlsOptions(mode, authorities[who]) })).toMatchObject(outcome);
  });

  it('believes whom the settings name; without a name our own authority, where it is known', async () => {
    const folder = new DataFolder(join(home, 'XMSData'));
    const { port, user } = postgres.server;
    const server = { host: 'localhost', port, user, sslmode: 'verify-full' } as const;
    const connect = (more: { ca?: string } = {}) =>
      attempt(databaseConnection(folder, { ...server, ...more }));
    expect(await connect()).toMatchObject(refused(/^unable to verify the first certificate$/));
    writeFileSync(folder.at('certificates', 'authority.crt'), identity.authority);
    expect(await connect()).toMatchObject(encrypted);
    writeFileSync(join(home, 'given.crt'), authorities.strangers[0]);
    const ca = keepCertificates(folder, join(home, 'given.crt'), 'database-ca');
    expect(ca).toBe('certificates/database-ca.crt');
    expect(await connect({ ca })).toMatchObject(refused(/^unable to verify the first certificate$/));
    expect(await connect({ ca: join(home, 'XMSData/certificates/authority.crt') })).toMatchObject(encrypted);
    expect(() => databaseConnection(folder, { ...server, ca: 'nowhere.crt' })).toThrow(
      expect.objectContaining({ code: 'file-unreadable' }),
    );
  });

  it('is encrypted for migrations, turns and listeners as for pools', async () => {
    const through = settings({ host: 'localhost', ssl: tlsOptions('verify-full', ours), database: 'secure' });
    await migrate(through, []);
    const turn = await takeTurn(through, 'test', new AbortController().signal);
    const listener = new Listener(through, 'test listener', ['test'], {
      onNotification: () => undefined,
      onState: () => undefined,
    });
    await listener.start();
    const database = new Database(through, 'test', 1);
    const rows = await database.query<{ application_name: string; ssl: boolean }>(
      `select application_name, ssl from pg_stat_activity join pg_stat_ssl using (pid)
        where datname = 'secure' order by application_name`,
    );
    expect(rows.map(({ application_name, ssl }) => [application_name, ssl])).toEqual([
      ['test', true],
      ['test listener', true],
      ['xmserver test', true],
    ]);
    await Promise.all([turn?.release(), listener.close(), database.close()]);
  });
});
