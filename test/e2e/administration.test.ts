/** The commands of administration as a script and as a person use them: the built program, both languages. */
import { execFile } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '../../src/pki/authority.ts';
import { certificatePem } from '../../src/pki/certificate.ts';
import { makeKey, writeKeyFile } from '../../src/pki/key-file.ts';
import { until } from '../until.ts';
import { type Run, TestInstallation } from './installation.ts';
import { TerminalSession } from './terminal-session.ts';

const installation = new TestInstallation();
const sessions: TerminalSession[] = [];
beforeAll(async () => {
  installation.start('xmserver', 'services');
  await until(async () => (await installation.run('xmserver', 'operator', 'list')).code === 0);
}, 60_000);
afterEach(() => {
  for (const session of sessions.splice(0)) if (session.running) session.kill('SIGKILL');
});
afterAll(() => installation.remove());

const run = (...args: string[]) => installation.run('xmserver', ...args);

async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await run(...args, '--json');
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** With a line on standard input. */
function runWith(input: string, ...args: string[]): Promise<Run> {
  return new Promise(resolve => {
    const child = execFile(
      process.execPath,
      [installation.script('xmserver'), ...args, '--data', installation.data],
      { env: installation.env, cwd: installation.home },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

interface Shown {
  readonly matricule: number;
  readonly [field: string]: unknown;
}

describe('xmserver client', () => {
  it('creates, finds, changes and suspends', async () => {
    const created = await run('client', 'create', '--name', 'Mairie de Yaoundé II', '--town', 'Yaoundé');
    expect(created.stdout).toMatch(/^client créé : matricule 1000\n.*\nnom +Mairie de Yaoundé II\n/);
    expect(created.code).toBe(0);
    const second = await json<Shown>('client', 'create', '--name', 'Kribi', '--status', '1');
    expect(second).toMatchObject({ matricule: 1001, status: 1, balance: 0, passwordIsInitial: true });

    const found = await json<{ clients: Shown[]; next: null }>('client', 'list', '--search', 'YAOUNDE ii');
    expect(found).toMatchObject({ clients: [{ matricule: 1000, town: 'Yaoundé' }], next: null });
    const page = await json<{ clients: Shown[]; next: string }>(
      'client',
      'list',
      '--sort',
      'name',
      '--limit',
      '1',
    );
    expect(page.clients.map(({ name }) => name)).toEqual(['Kribi']);
    const listed = await run('client', 'list', '--sort', 'name', '--after', page.next, '--lang', 'en');
    expect(listed.stdout).toMatch(
      /^matricule +name +town +telephone +status +balance\n1000 +Mairie.* 2 +0\n$/,
    );

    expect(await json('client', 'change', '1000', '--telephone', '+237 699 00 00 00')).toMatchObject({
      name: 'Mairie de Yaoundé II',
      telephone: '+237 699 00 00 00',
    });
    expect(await json('client', 'status', '1000', '0')).toMatchObject({ status: 0 });
    const shown = await run('client', 'show', '1000', '--lang', 'en');
    expect(shown.stdout).toMatch(/status +0, suspended\n/);
    expect(
      await json('client', 'rights', '1000', '--write', 'Diplome', '--revoke-write', 'Deces,Mariage'),
    ).toEqual([
      { table: 'Diplome', write: true, read: false },
      { table: 'Naissance', write: true, read: false },
    ]);
    expect(await json('client', 'message', '1000', '--subject', 'Avis', '--text', 'Demain')).toEqual({
      id: 1,
      client: 1000,
    });
    expect((await run('client', 'password-reset', '1000')).stdout).toContain('zerokey');
  }, 60_000);

  it('shows what clients have written, until it is read', async () => {
    await installation.query(
      'XMServerSystem',
      `insert into received_message (client, message_id, subject, text)
       select 1000 + i % 2, decode(lpad(i::text, 16, '0'), 'hex'), 'Panne ' || i, E'Plus de\\npapier'
         from generate_series(1, 3) i`,
    );
    expect(await json('client', 'inbox')).toMatchObject([
      { id: 3, client: 1001, clientName: 'Kribi', subject: 'Panne 3', text: 'Plus de\npapier', readAt: null },
      { id: 2, client: 1000 },
      { id: 1, client: 1001 },
    ]);
    expect(await json('client', 'inbox', '1001', '--limit', '1')).toMatchObject([{ id: 3 }]);
    expect(await json('client', 'inbox', '1001', '--before', '3')).toMatchObject([{ id: 1 }]);
    expect(await json('client', 'show', '1001')).toMatchObject({ unreadMessages: 2 });
    const shown = await run('client', 'read', '3');
    expect(shown.stdout).toMatch(/ 1001 Kribi\nPanne 3\n\nPlus de\npapier\n$/);
    expect(await json('client', 'read', '3')).toMatchObject({ id: 3 });
    expect(await json('client', 'inbox', '--unread')).toMatchObject([{ id: 2 }, { id: 1 }]);
    expect((await run('client', 'inbox', '1001')).stdout).toMatch(/^ {2,}3 .*Panne 3\n● +1 .*Panne 1\n$/);
    expect(await json('journal', 'list', '--act', 'client-message-read')).toMatchObject([
      { detail: { client: 1001, message: 3 } },
    ]);
    expect(await run('client', 'read', '9')).toMatchObject({ code: 1 });
  }, 60_000);

  it('lists a client’s certificates, and registers one', async () => {
    const issue = [
      'pki',
      'issue',
      '--role',
      'station',
      '--client',
      '1000',
      '--out',
      join(installation.home, 'k'),
    ];
    await run('pki', 'init');
    const { key } = await json<{ key: string }>(...issue);
    expect(await json('client', 'cert', '1000')).toMatchObject([{ key, client: 1000 }]);
    expect(await json('client', 'show', '1000')).toMatchObject({ certificate: { key, revoked: false } });
    const file = join(installation.home, 'k.crt');
    expect(await json('client', 'cert', '1000', file)).toMatchObject({ key, role: 'station' });
    const other = await run('client', 'cert', '1001', file, '--lang', 'en');
    expect(other.stderr).toMatch(/registered otherwise already/);
    expect((await run('client', 'cert', '77')).code).toBe(1);
  }, 60_000);

  it('creates as many as the licence allows, and goes on serving them', async () => {
    await installation.query(
      'XMServerSystem',
      `insert into client (matricule, nom) select 5000 + i, 'Client ' || i from generate_series(1, 8) i`,
    );
    const refused = await run('client', 'create', '--name', 'Onzième', '--lang', 'en');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/the licence allows 10 clients\nFichier \/ Licence/);
    expect(await json('client', 'status', '5001', '1')).toMatchObject({ status: 1 });
  }, 60_000);

  it.each([
    [['client', 'show', '77'], 1, /client inconnu : 77/],
    [['client', 'show', 'x'], 2, /matricule : un nombre entier positif/],
    [['client', 'show', '99999999999'], 2, /matricule : un nombre entier positif/],
    [['client', 'list', '--status', 'x', '--lang', 'en'], 1, /status NaN: 0 to 3/],
    [['client', 'list', '--after', 'x', '--lang', 'en'], 1, /page mark "x" unknown/],
    [['journal', 'list', '--before', 'x'], 2, /--before : un nombre entier positif/],
    [['signatory', 'list', '--client', 'x'], 2, /--client : un nombre entier positif/],
    [['client', 'create'], 2, /donnez --name/],
    [['client', 'create', '--name', ' ', '--lang', 'en'], 1, /name: 1 to 120 printable characters/],
    [['client', 'change', '1000'], 2, /rien à changer/],
    [['client', 'list', '--sort', 'x', '--lang', 'en'], 2, /--sort: matricule, name/],
    [['client', 'rights', '1000', '--write', 'Nulle'], 1, /table « Nulle » inconnue/],
    [['client', 'nothing', '--lang', 'en'], 2, /unknown command: client nothing/],
    [['client'], 2, /client : donnez une commande/],
    [['signatory', 'end', '9', '--lang', 'en'], 1, /no signatory no. 9/],
    [['setting', 'set', 'cyclePeriodS'], 2, /donnez VALEUR/],
    [['broker', 'add', 'mqtt://x', '--broker-user', 'x'], 2, /donnez --password-stdin/],
  ] as const)('says what is wrong: %j', async (args, code, sentence) => {
    const outcome = await run(...args);
    expect(outcome.stderr).toMatch(sentence);
    expect(outcome).toMatchObject({ code, stdout: '' });
  });

  it('keeps how a broker is spoken to, its certificates in the database, its key in secrets/', async () => {
    const authority = createAuthority({
      commonName: 'Autorité du broker',
      now: Date.now() - 60_000,
      years: 1,
    });
    const { publicKey, privateKey } = makeKey();
    const [notBefore, notAfter] = [Date.now() - 30_000, Date.now() + 86_400_000];
    const subject = { commonName: 'moteur' };
    const certificate = issueCertificate(authority, {
      subject,
      publicKey,
      role: 'station',
      notBefore,
      notAfter,
    });
    const at = (name: string) => join(installation.home, name);
    writeFileSync(at('ca.pem'), certificatePem(authority.certificate));
    writeFileSync(at('moteur.pem'), certificatePem(certificate));
    writeKeyFile(at('moteur.key'), privateKey);
    const terms = ['--mqtt', '3', '--keep-alive', '300', '--broker-ca', at('ca.pem')];
    const ours = ['--broker-cert', at('moteur.pem'), '--broker-key', at('moteur.key')];
    const added = await run('broker', 'add', 'mqtts://127.0.0.1:1', ...terms, ...ours, '--lang', 'en');
    expect(added.stdout).toMatch(/^broker registered: no. \d+\nkept without a try: broker cannot be reached/);
    const id = /no. (\d+)/.exec(added.stdout)?.[1] ?? '';
    const shown = await json<Record<string, unknown>>('broker', 'show', id);
    expect(shown).toMatchObject({
      mqttVersion: '3.1.1',
      keepAliveS: 300,
      clientKey: 'moteur.key',
      ownSettings: [],
    });
    expect(shown.authority).toBe(certificatePem(authority.certificate));
    expect(JSON.stringify(shown)).not.toContain('PRIVATE');
    expect(statSync(join(installation.data, 'secrets', 'moteur.key')).mode & 0o777).toBe(0o600);
    expect((await run('broker', 'show', id, '--lang', 'fr')).stdout).toMatch(
      /MQTT +3\.1\.1\nkeep-alive +300 s\nautorité +CN=Autorité du broker, jusqu’au \d{4}-/,
    );
    const bare = ['--mqtt', 'auto', '--broker-ca', '', '--broker-cert', '', '--broker-key', ''];
    expect((await run('broker', 'change', id, ...bare, '--lang', 'en')).code).toBe(0);
    expect(await json('broker', 'show', id)).not.toHaveProperty('authority');
    expect((await json<{ id: number }[]>('broker', 'list')).map(one => `${one.id}`)).toContain(id);
    const refusals = [
      [['--mqtt', '4'], 2, /--mqtt: /],
      [['--keep-alive', '9'], 1, /keep-alive 9: a whole number of seconds, from 10 to 1200/],
      [['--broker-ca', at('moteur.key')], 1, /certificate unreadable/],
      [['--broker-key', at('moteur.key')], 2, /give --broker-cert/],
      [['--broker-cert', at('moteur.pem')], 1, /needs the file of its private key/],
    ] as const;
    for (const [options, code, sentence] of refusals) {
      const refused = await run('broker', 'change', id, ...options, '--lang', 'en');
      expect([refused.code, refused.stderr], options[0]).toEqual([code, expect.stringMatching(sentence)]);
    }
    expect((await run('broker', 'remove', id)).code).toBe(0);
  });

  it.each(['client', 'operator', 'signatory', 'setting', 'broker', 'journal'])(
    'explains %s in both languages, with whatever words stand beside --help',
    async family => {
      const [french, english] = [
        await run(family, '--help'),
        await run(family, 'list', '--help', '--lang', 'en'),
      ];
      expect(french).toMatchObject({ code: 0, stderr: '' });
      expect(english).toMatchObject({ code: 0, stderr: '' });
      const commands = (text: string) => text.match(/xmserver \w+ [a-z-]+/g);
      expect(commands(english.stdout)).toEqual(commands(french.stdout));
      expect(english.stdout).not.toBe(french.stdout);
    },
  );
});

describe('xmserver operator', () => {
  it('takes the password from standard input, never from the arguments', async () => {
    const create = ['operator', 'create', 'awa', '--name', 'Awa Ngo', '--privilege', '3'];
    expect((await runWith('', ...create)).stderr).toMatch(/donnez --password-stdin/);
    expect((await runWith('court\n', ...create, '--password-stdin')).stderr).toMatch(/trop court/);
    const made = await runWith('trois chats gris\n', ...create, '--password-stdin', '--json');
    expect(JSON.parse(made.stdout)).toMatchObject({ userName: 'awa', privilege: 3 });
    expect((await runWith('trois chats gris\n', ...create, '--password-stdin')).stderr).toMatch(/déjà pris/);
    expect((await run('operator', 'suspend', 'awa', '--lang', 'en')).stdout).toMatch(
      /privilege +0 suspended/,
    );
  }, 60_000);

  it('asks for it twice at a terminal, and shows nothing of it', async () => {
    const session = new TerminalSession({
      file: process.execPath,
      args: [installation.script('xmserver'), 'operator', 'password', 'awa', '--data', installation.data],
      env: installation.env,
      cwd: installation.home,
    });
    sessions.push(session);
    await session.see(/Mot de passe de awa :/);
    session.type('quatre chats noirs\r');
    await session.see(/Encore une fois :/);
    session.type('quatre chats blancs\r');
    expect(await session.exited).toBe(1);
    expect(session.raw).toContain('les deux mots de passe diffèrent');
    expect(session.raw).not.toContain('chats');
  }, 60_000);
});

describe('xmserver journal', () => {
  it('tells who did what, and proves that it is whole', async () => {
    const [newest] = await json<{ operator: string; act: string; detail: object }[]>('journal', 'list');
    expect(newest).toMatchObject({
      operator: `os:${userInfo().username}`,
      act: 'operator-suspend',
      detail: { operator: 'awa', before: { privilege: 3 }, after: { privilege: 0 } },
    });
    const issued = await json<{ operator: string }[]>('journal', 'list', '--act', 'certificate-issue');
    expect(issued).toMatchObject([{ operator: `os:${userInfo().username}` }]);
    expect((await run('journal', 'verify', '--lang', 'en')).stdout).toBe('the journal is whole\n');
    await installation.query(
      'XMServerSystem',
      `set session_replication_role = replica; update journal set operator = 'awa' where id = 3`,
    );
    const broken = await run('journal', 'verify', '--lang', 'en');
    expect(broken).toMatchObject({ code: 1, stdout: '' });
    expect(broken.stderr).toMatch(/row 3 does not follow/);
  }, 60_000);
});
