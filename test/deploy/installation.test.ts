/** A real installation, step by step as deploy/README.md has it: PostgreSQL, init, Mosquitto, engines as the units start them. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineStatus } from '../../src/core/engine-status.ts';
import { Database } from '../../src/db/database.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../src/db/embedded-postgres.ts';
import { Events } from '../events.ts';
import { closeAll } from '../mqtt/clients.ts';
import { linkTo } from './broker-contract.ts';
import { leftOut, replaced } from './machine.ts';
import { Mosquitto, mosquittoMissing } from './mosquitto.ts';
import { unitText, valuesOf } from './unit.ts';

const checkout = dirname(dirname(import.meta.dirname));
const deployed = (...parts: string[]) => readFileSync(join(checkout, 'deploy', ...parts), 'utf8');
/** Not the file's own name: that is the superuser's here. */
const role = { name: 'xms_central', password: 'of the databases' };

if (mosquittoMissing) leftOut('an installation', mosquittoMissing);

describe.skipIf(mosquittoMissing)('an installation', () => {
  let home = '';
  let postgres: EmbeddedPostgres;
  let broker: Mosquitto;
  const at = (name: string) => join(home, name);
  const engines: ChildProcess[] = [];

  const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: home,
    LANG: 'en_GB.UTF-8',
    CREDENTIALS_DIRECTORY: at('credentials'),
    ...more,
  });

  /** A call of the program; its standard output. */
  async function xmserver(words: readonly string[], more: { env?: NodeJS.ProcessEnv; input?: string } = {}) {
    const script = join(checkout, 'bin/xmserver.js');
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const child = execFile(
      process.execPath,
      [script, ...words, '--data', at('XMSData')],
      { env: environment(more.env), cwd: home },
      (error, stdout) => (error ? reject(error) : resolve(stdout)),
    );
    child.stdin?.end(more.input ?? '');
    return promise;
  }

  /** As systemd would start a unit: its command and its environment, in these folders. */
  function startUnit(unit: string, instance: string, env?: NodeJS.ProcessEnv) {
    const paths = { '/var/lib/xmserver/XMSData': at('XMSData') };
    const command = replaced(valuesOf(unit, 'ExecStart')[0] ?? '', {
      ...paths,
      '/usr/bin/': `${checkout}/bin/`,
    });
    const [program = '', ...args] = command.replace('%i', instance).split(' ');
    const own = valuesOf(unit, 'Environment').map(line => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    });
    const child = spawn(process.execPath, [`${program}.js`, ...args], {
      env: environment({ ...Object.fromEntries(own), ...env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    engines.push(child);
    const said = new Events<string>();
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', said.push);
    const ended = once(child, 'exit') as Promise<[code: number | null]>;
    return { child, said, ended };
  }

  async function statuses(): Promise<EngineStatus[]> {
    const said = await xmserver(['status', '--json']).catch(() => '{"engines":[]}'); // exit code 3: none
    return (JSON.parse(said) as { engines: EngineStatus[] }).engines;
  }

  /** What of each engine, by its id's end; asked again until it is as expected: engines tell the database alone. */
  const engineStatus = (what: (engine: EngineStatus) => unknown) =>
    expect.poll(
      async () =>
        Object.fromEntries(
          (await statuses()).map(engine => [engine.id.split('-')[1] ?? 'unnamed', what(engine)]),
        ),
      { timeout: 20_000 },
    );

  async function asSuperuser<T>(database: string, work: (database: Database) => Promise<T>): Promise<T> {
    const opened = new Database({ ...postgres.server, database }, 'test', 1);
    try {
      return await work(opened);
    } finally {
      await opened.close();
    }
  }

  async function startPostgres(): Promise<void> {
    const files = { folder: at('cluster'), passwordFile: at('password'), logFile: at('postgres.log') };
    postgres = await startEmbeddedPostgres({ ...files, preferredPort: 0 });
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'xms-installation-'));
    chmodSync(home, 0o755); // root's PostgreSQL must get in
    mkdirSync(at('credentials'));
    writeFileSync(at('credentials/xms-passphrase'), 'of the keys\n', { mode: 0o600 });

    await startPostgres();
    await stopEmbeddedPostgres(postgres);
    appendFileSync(join(postgres.folder, 'postgresql.conf'), deployed('postgresql/xmserver.conf'));
    await startPostgres();
    await asSuperuser('postgres', async database => {
      const statements = deployed('postgresql/role.sql').replaceAll('xmserver', role.name).split(';\n');
      for (const statement of statements) await database.query(statement);
      await database.query(`alter role ${role.name} password '${role.password}'`);
    });

    const { host, port } = postgres.server;
    const init = ['init', '--host', host, '--port', `${port}`, '--user', role.name];
    const env = { PGPASSWORD: role.password };
    await xmserver([...init, '--operator', 'chef'], { env, input: 'a long password\n' });

    await xmserver(['pki', 'broker-cert', '--host', 'localhost', '--out', at('broker')]);
    broker = new Mosquitto({
      authority: readFileSync(at('XMSData/certificates/authority.crt'), 'utf8'),
      certificate: readFileSync(at('broker.crt'), 'utf8'),
      key: readFileSync(at('broker.key'), 'utf8'),
    });
    await broker.start();
    await xmserver([...init, '--broker', broker.url, '--broker-user', 'xmserver'], {
      env: { ...env, XMS_BROKER_PASSWORD: broker.passwords.xmserver },
    });
  });

  afterAll(async () => {
    await closeAll();
    for (const engine of engines) {
      if (engine.exitCode === null && engine.signalCode === null) {
        engine.kill('SIGKILL');
        await once(engine, 'exit');
      }
    }
    await broker?.stop();
    if (postgres) await stopEmbeddedPostgres(postgres);
    rmSync(home, { recursive: true });
  });

  it('has a role that may do no more than it must', async () => {
    const [attributes] = await asSuperuser('postgres', database =>
      database.query(
        'select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = $1',
        [role.name],
      ),
    );
    expect(new Set(Object.values(attributes ?? {}))).toEqual(new Set([false]));
    const strangers = await asSuperuser('postgres', database =>
      database.query(
        `select datname from pg_database where datname like 'XMS%' and has_database_privilege('public', oid, 'connect')`,
      ),
    );
    expect(strangers).toEqual([]);
  });

  it('has a PostgreSQL that takes every line of xmserver.conf', async () => {
    const lines = deployed('postgresql/xmserver.conf').match(/^\w+(?= =)/gm) ?? [];
    const taken = await asSuperuser('postgres', database =>
      database.query<{ name: string }>(
        `select name from pg_file_settings where name = any($1) and error is null order by seqno`,
        [lines],
      ),
    );
    expect(lines.length).toBeGreaterThan(10);
    expect(new Set(taken.map(({ name }) => name))).toEqual(new Set(lines));
    const [safe] = await asSuperuser('postgres', database =>
      database.query(
        `select current_setting('fsync') || current_setting('synchronous_commit') || current_setting('full_page_writes') as all`,
      ),
    );
    expect(safe).toEqual({ all: 'ononon' });
  });

  it('keeps its private keys encrypted, and says so to an engine without the credential', async () => {
    expect(readFileSync(at('XMSData/secrets/authority.key'), 'utf8')).toContain('ENCRYPTED PRIVATE KEY');
    const { said, ended } = startUnit(unitText('xmserver-engine.service'), '', { CREDENTIALS_DIRECTORY: '' });
    expect((await ended)[0]).toBe(1);
    expect(await said.next()).toContain('server.key');
  });

  it('moves what config.json had of the broker’s authority into the database, for all machines', async () => {
    const authority = at('XMSData/certificates/authority.crt');
    const config = () => JSON.parse(readFileSync(at('XMSData/config.json'), 'utf8')) as { broker?: object };
    const before = config();
    writeFileSync(
      at('XMSData/config.json'),
      JSON.stringify({ ...before, broker: { ca: 'certificates/authority.crt', groups: 'X25519:P-256' } }),
    );
    const show = async () =>
      JSON.parse(await xmserver(['broker', 'show', '1', '--json'])) as Record<string, unknown>;
    expect(await show()).toMatchObject({ ownSettings: ['ca'] });
    await xmserver(['init', '--broker-ca', authority], { env: { PGPASSWORD: role.password } });
    expect(await show()).toMatchObject({ ownSettings: [], authority: readFileSync(authority, 'utf8') });
    expect(config().broker).toEqual({ groups: 'X25519:P-256' });
  });

  it('runs engines that share what comes over TLS, and file what becomes of it', async () => {
    const one = startUnit(unitText('xmserver-engine.service'), '');
    const two = startUnit(unitText('xmserver-engine@.service'), 'b');
    const connected = { url: broker.url, state: 'connected', protocol: 5 };
    await engineStatus(engine => engine.broker).toMatchObject({ unnamed: connected, b: connected });

    const office = await linkTo(broker, '1024');
    for (let i = 0; i < 10; i++) await office.link.publish('xms/u/1024', Buffer.from('no SDC'));
    const received = ({ perMinute }: EngineStatus) => perMinute.reduce((a, b) => a + b, 0);
    await engineStatus(received).toEqual({ unnamed: 5, b: 5 });
    const refused = await asSuperuser('XMServerData', database =>
      database.query('select count(*) from xms.inbox'),
    );
    expect(refused).toEqual([{ count: 10n }]);

    const sessions = await asSuperuser('postgres', database =>
      database.query<{ count: bigint }>(
        `select count(*) from pg_stat_activity where application_name like 'xmserver engine%'`,
      ),
    );
    expect(Number(sessions[0]?.count)).toBeLessThanOrEqual(2 * 18);

    for (const { child } of [one, two]) child.kill('SIGTERM');
    expect([(await one.ended)[0], (await two.ended)[0]]).toEqual([0, 0]);
  });
});
