/** `xmserver setup` in a real terminal: from an empty data folder and a bare PostgreSQL to an engine that runs. */
import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { topics } from '../../src/core/message.ts';
import { Database } from '../../src/db/database.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../src/db/embedded-postgres.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../src/mqtt/embedded-broker.ts';
import { TestInstallation } from './installation.ts';

const [save, clear] = ['\x13', '\x15'];
/** Not right after another Enter: the two would be one. */
const enter = '\x1b[B\r';
const brokerPassword = 'du broker';

const installation = new TestInstallation();
const home = mkdtempSync(join(tmpdir(), 'xms-setup-'));
let postgres: EmbeddedPostgres;
let broker: EmbeddedBroker;

beforeAll(async () => {
  chmodSync(home, 0o755); // root's PostgreSQL must get in
  postgres = await startEmbeddedPostgres({
    folder: join(home, 'cluster'),
    passwordFile: join(home, 'password'),
    logFile: join(home, 'log'),
    preferredPort: 0,
  });
  broker = await startEmbeddedBroker({
    host: '127.0.0.1',
    preferredPort: 0,
    accounts: [
      {
        userName: 'xmserver',
        password: brokerPassword,
        publish: [topics.allDown, `${topics.test}/#`],
        subscribe: [topics.allUp, `${topics.test}/#`],
      },
    ],
  });
}, 60_000);

afterEach(() => installation.endConsoles());

afterAll(async () => {
  await installation.remove();
  await broker.close();
  await stopEmbeddedPostgres(postgres);
  rmSync(home, { recursive: true, force: true });
});

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const database = new Database({ ...postgres.server, database: 'XMServerSystem' }, 'test', 1);
  try {
    return await database.query(sql);
  } finally {
    await database.close();
  }
}

const acts = () =>
  rows(
    `select act, operator like 'os:%' as by_the_system, detail - 'before' as detail from journal order by id`,
  );

const config = () => JSON.parse(readFileSync(join(installation.data, 'config.json'), 'utf8')) as object;

describe('xmserver setup', () => {
  it('says what to do where there is no terminal', async () => {
    const french = await installation.run('xmserver', 'setup');
    expect(french.code).toBe(2);
    expect(french.stderr).toMatch(/il faut un terminal, ou --plain.*xmserver init --host/);
    const english = await installation.run('xmserver', 'setup', '--lang', 'en');
    expect(await installation.run('xmserver', 'setup', '--read-only')).toMatchObject({ code: 1 });
    expect(english.stderr).toMatch(/needs a terminal, or --plain.*xmserver init --host/);
  });

  it('keeps no connection that does not work, and is killed after the first operator', async () => {
    const session = installation.console('setup');
    const empty = await session.see(/Mise en service 1 \/ 4 · Connexion à PostgreSQL/);
    expect(empty).toMatch(/hôte +localhost/);
    const { host, port, user, password } = postgres.server;
    session.type(`${clear}${host}\t${clear}${port}\t${clear}${user}\tnot the password${save}`);
    await session.see(/mot de passe .*\n +PostgreSQL sur 127\.0\.0\.1:\d+ n’accepte pas ce mot/);
    expect(existsSync(join(installation.data, 'config.json'))).toBe(false);
    expect(existsSync(join(installation.data, 'secrets', 'database-password'))).toBe(false);

    // The cursor is still in the field of the password, which is typed anew.
    session.type(`${clear}${password}${save}`);
    const created = await session.see(/Mise en service 2 \/ 4 · Le premier utilisateur/);
    expect(session.raw).not.toContain(password);
    expect(config()).toEqual({ database: { host, port, user } });
    const certificate = new X509Certificate(
      readFileSync(join(installation.data, 'certificates', 'server.crt')),
    );
    expect(created.replaceAll(/:\n */g, ':')).toContain(certificate.fingerprint256);

    session.type(`chef\tNgo Bell Ruth\tquatre chevaux bais\tquatre chevaux noirs${save}`);
    await session.see(/deux saisies|diffèrent|ne sont pas/);
    session.type(`${clear}quatre chevaux bais${save}`);
    await session.see(/Mise en service 3 \/ 4 · Le broker/);
    await session.see(/Utilisateur créé, session ouverte : chef, privilège 4/);
    expect(session.raw).not.toContain('chevaux');
    session.kill('SIGKILL');
    await session.exited;
    expect(await acts()).toEqual([
      {
        act: 'operator-create',
        by_the_system: true,
        detail: {
          operator: 'chef',
          after: { name: 'Ngo Bell Ruth', certificateName: '', privilege: 4 },
        },
      },
      { act: 'login', by_the_system: false, detail: {} },
    ]);
  }, 90_000);

  it('is taken up again where it was, does nothing twice, and leads to an engine that runs', async () => {
    const session = installation.console('setup');
    await session.see(/Nom utilisateur/);
    session.type('chef\tquatre chevaux bais\r');
    await session.see(/Mise en service 3 \/ 4 · Le broker/);
    session.type(enter);
    await session.see(/Nouveau broker/);
    session.type(`${clear}${broker.url}\txmserver\t${brokerPassword}${save}`);
    await session.see(/Broker choisi : mqtt:\/\/127/);
    await session.see(/Mise en service 4 \/ 4 · Le premier client/);
    session.type('t');
    await session.see(/Test terminé/, 60_000);
    session.type('\x1b');
    await session.see(/Mise en service 4 \/ 4/);
    session.type(enter);
    await session.see(/Créer un client/);
    session.type(`Mbalmayo II\tMbalmayo${save}`);
    await session.see(/Mise en service : tout est en place/);
    const closing = await session.see(/xmstation init/);
    expect(closing).toMatch(/premier client +1000 « Mbalmayo II »\n +il écrit +Deces, Mariage, Naissance/);
    session.type(enter);
    await session.see(/Aucun moteur en marche/);
    session.type('l');
    await session.see(/moteur . en marche/, 60_000);
    await session.see(/MQTT 3\.1\.1 connecté/);
    session.type('q');
    await session.see(/Quitter XMServer/);
    session.type('o');
    expect(await session.exited).toBe(0);

    expect(await rows('select user_name, privilege from operator')).toEqual([
      { user_name: 'chef', privilege: 4 },
    ]);
    expect(await rows('select url, user_name, password, selected from broker')).toEqual([
      { url: broker.url, user_name: 'xmserver', password: brokerPassword, selected: true },
    ]);
    expect(await rows('select matricule, nom, status from client')).toEqual([
      { matricule: 1000, nom: 'Mbalmayo II', status: 2 },
    ]);
    expect((await acts()).map(({ act }) => act)).toEqual([
      'operator-create',
      'login',
      'login',
      'broker-add',
      'broker-select',
      'client-create',
      'engine-launch',
    ]);
  }, 150_000);

  it('shows what stands when it is opened once more', async () => {
    const session = installation.console('setup', '--lang', 'en');
    await session.see(/User name/);
    session.type('chef\tquatre chevaux bais\r');
    expect(await session.see(/First use: all is in place/)).toMatch(/broker +mqtt:\/\/127/);
    session.type('q');
    await session.see(/Quit XMServer/);
    session.type('y');
    expect(await session.exited).toBe(0);
  }, 60_000);

  it('asks in lines, too, and again for a connection that does not work', async () => {
    const other = new TestInstallation();
    const { host, port, user, password } = postgres.server;
    try {
      const session = other.console('setup', '--plain', '--lang', 'en');
      await session.see(/First use 1 \/ 4 · Connection to PostgreSQL/);
      await session.see(/host \[localhost\]: $/m);
      session.type(`${host}\r${port}\r${user}\r`);
      await session.see(/password: $/m);
      session.type('not the password\r');
      await session.see(/TLS \[[^\]]*\]: $/m);
      session.type('disable\r\r');
      await session.see(/password \[typed already\]: $/m);
      session.type(`${password}\r`);
      await session.see(/User name: $/m);
      session.type('chef\r');
      await session.see(/Password: $/m);
      session.type('quatre chevaux bais\r');
      await session.see(/First use: all is in place/);
      expect(session.raw).not.toMatch(/not the password|chevaux/);
      expect(session.raw).not.toContain('\x1b');
      expect(session.raw).not.toContain(password);
      session.type('quit\r');
      await session.see(/Answer: $/m);
      session.type('y\r');
      expect(await session.exited).toBe(0);
    } finally {
      other.endConsoles();
      await other.remove();
    }
  }, 60_000);
});
