/** A new office, from nothing: installed, enrolled over the network, and all that it can ask the centre for. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../site/free-port.ts';
import { until } from '../until.ts';
import { type PipedProgram, TestInstallation } from './installation.ts';

const centre = new TestInstallation();
const office = new TestInstallation();
let program: PipedProgram;
let brokerUrl: string;
beforeAll(async () => {
  program = centre.start('xmserver');
  await program.see(/ classé {2}n° \d+/, 3);
  await program.until(() => existsSync(join(centre.data, 'run', 'station.json')));
  // Its matricule and its account at the broker are the new office's from now on.
  await centre.end('station', 'SIGTERM');
  const read = (...path: string[]) => readFileSync(join(centre.data, ...path), 'utf8');
  office.env.XMS_BROKER_PASSWORD = read('station', 'secrets', 'broker-password').trim();
  const { ports } = JSON.parse(read('config.json')) as { ports: { broker: number } };
  brokerUrl = `mqtt://127.0.0.1:${ports.broker}`;
}, 90_000);
afterAll(async () => {
  await office.run('xmstation', 'stop');
  await office.remove();
  program?.kill('SIGTERM');
  await program?.exited;
  await centre.remove();
});

const station = (...args: string[]) => office.run('xmstation', ...args);

async function json<T>(...args: string[]): Promise<T> {
  const run = await station(...args, '--json');
  if (run.code !== 0) throw new Error(`${args.join(' ')}: ${run.code} ${run.stderr}`);
  return JSON.parse(run.stdout) as T;
}

/** On the PostgreSQL that the station has brought. */
async function officeQuery(sql: string): Promise<void> {
  const read = (...path: string[]) => readFileSync(join(office.data, 'station', ...path), 'utf8');
  const { database } = JSON.parse(read('config.json')) as { database: { port: number } };
  const client = new pg.Client({
    host: '127.0.0.1',
    port: database.port,
    user: 'xmserver',
    password: read('secrets', 'postgres-password').trim(),
    database: 'ECRData',
  });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function server(...args: string[]): Promise<unknown> {
  const run = await centre.run('xmserver', ...args, '--json');
  if (run.code !== 0) throw new Error(`${args.join(' ')}: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

/** What an operator finds, as soon as it is there. */
async function waitingRequest(): Promise<{ readonly id: number; readonly fingerprint: string }> {
  await until(
    async () => (await centre.count('XMServerSystem', 'certificate_request where decision is null')) > 0,
  );
  const [request] = (await server('pki', 'request', 'list')) as { id: number; fingerprint: string }[];
  return request as NonNullable<typeof request>;
}

describe('a station', () => {
  it('is installed by options, with a PostgreSQL of its own, and says what is missing', async () => {
    expect(await station('status', '--lang', 'en')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no station installed/),
    });
    expect(await station('init', '--client', '1000')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--server/),
    });
    const certificate = join(centre.data, 'certificates', 'server.crt');
    const options = ['--client', '1000', '--server', certificate, '--broker', brokerUrl];
    expect(await json('init', ...options)).toMatchObject({ matricule: 1000, database: 'ECRData' });
    // Again, with nothing to ask for.
    expect(await json('init')).toMatchObject({ broker: brokerUrl, certified: false });
    expect(await station('account')).toMatchObject({ code: 1, stderr: expect.stringMatching(/certificat/) });
    expect(await json('status')).toMatchObject({ matricule: 1000, batch: 1, waiting: 0 });
  }, 120_000);

  it('enrols over the network: the fingerprint is compared, the certificate comes', async () => {
    const words = ['enrol', '--online', '--password-stdin', '--wait', '120'];
    const enrolling = office.feed('zerokey\n', 'xmstation', ...words);
    const { id, fingerprint } = await waitingRequest();
    await server('pki', 'request', 'accept', `${id}`, '--fingerprint', fingerprint);
    expect(await enrolling).toMatchObject({ code: 0, stdout: expect.stringContaining(fingerprint) });
    expect(await json('account')).toMatchObject({ balance: 0 });
  }, 120_000);

  it('changes its password, once', async () => {
    const change = () =>
      office.feed('zerokey\nun bon mot de passe\n', 'xmstation', 'password', '--password-stdin');
    expect(await change()).toMatchObject({ code: 0 });
    expect(await change()).toMatchObject({ code: 5, stderr: expect.stringMatching(/mot de passe faux/) });
  }, 120_000);

  it('is set to what its link needs, and refuses what cannot be', async () => {
    const changed = { batch: 20, keepAlive: 600, groups: 'X25519', sessionKeys: false, topicAlias: false };
    for (const [name, value] of Object.entries(changed)) {
      expect(await json('setting', 'set', name, `${value}`)).toEqual({ [name]: value });
    }
    expect(await json('setting', 'list')).toMatchObject(changed);
    expect(await json('account')).toMatchObject({ balance: 0 });
    for (const name of Object.keys(changed)) {
      expect(await station('setting', 'set', name, 'é')).toMatchObject({ code: 1 });
      await json('setting', 'set', name, '-');
    }
    expect(await json('setting', 'list')).toMatchObject({
      batch: 1,
      keepAlive: 1_200,
      sessionKeys: true,
      topicAlias: true,
    });
  }, 120_000);

  it('validates, and exports what it has validated', async () => {
    await officeQuery(`insert into "Deces" ("Status", "Nom") values (1, 'A'), (1, 'B')`);
    expect(await json('validate', 'Deces')).toEqual({ validated: 2, faults: [] });
    expect(await json('export', 'Deces')).toEqual({ filed: 2, refused: 0, waiting: 0, of: 2 });
    // One is cancelled, another comes: both count.
    await officeQuery(`update "Deces" set "Status" = 0 where "Nom" = 'A'`);
    await officeQuery(`insert into "Deces" ("Status", "Nom") values (2, 'B')`);
    const told = await station('export', '--lang', 'en');
    expect(told.stdout).toMatch(/^records to be sent or without receipt: 2$/m);
    expect(told.stdout).toMatch(/^2 of 2$/m);
    expect(told.stdout).toMatch(/^2 filed, 0 refused, 0 without receipt, of 2$/m);
  }, 120_000);

  it('imports what it may read, and what it may not is told', async () => {
    expect(await station('import', '--table', 'Naissance', '--lang', 'en')).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/service IMPORT not open/),
    });
    await server('client', 'status', '1000', '3');
    await server('client', 'rights', '1000', '--read', 'Naissance');
    const [act] = await centre.query<{ Nom: string; NumeroActe: string }>(
      'XMServerData',
      'select "Nom", "NumeroActe" from "Naissance" order by "Numero" limit 1',
    );
    const some = ['import', '--table', 'Naissance', '--where', `"Nom" = '${act?.Nom}'`, '--limit', '1'];
    expect(await json(...some)).toMatchObject({ landed: 1, known: 0 });
    expect(await json(...some)).toMatchObject({ landed: 0, known: 1 });
    const text = await station('import', '--sql', 'select pg_sleep(1) from Naissance');
    expect(text).toMatchObject({ code: 1, stderr: expect.stringMatching(/pg_sleep/) });
    const paper = ['--table', 'Naissance', `NumeroActe=${act?.NumeroActe}`];
    expect(await json('certify', ...paper, `Nom=${act?.Nom}`)).toMatchObject({ verdict: 'genuine' });
    expect(await station('certify', ...paper, 'Nom=PERSONNE')).toMatchObject({
      code: 6,
      stdout: expect.stringMatching(/DIFFÉRENTE: Nom/),
    });
    expect(await station('certify', '--table', 'Naissance', 'NumeroActe=–')).toMatchObject({ code: 7 });
  }, 120_000);

  it('writes to the centre, and reads what it writes', async () => {
    expect(await station('message', '--subject', 'Objet', 'Bonjour')).toMatchObject({ code: 0 });
    expect(await server('client', 'inbox', '1000', '--unread')).toMatchObject([
      { subject: 'Objet', text: 'Bonjour' },
    ]);
    const [written] = (await server('message', 'list')) as { id: number }[];
    expect(await server('message', 'show', `${written?.id}`)).toMatchObject({
      service: 'MESSAGE',
      content: { subject: 'Objet', text: 'Bonjour' },
    });
    await server('client', 'message', '1000', '--subject', 'Réponse', '--text', 'Bien reçu');
    await expect
      .poll(async () => (await json('profile')) && (await json('message', 'list')), { timeout: 90_000 })
      .toMatchObject([
        { way: 'received', subject: 'Réponse', text: 'Bien reçu' },
        { way: 'sent', subject: 'Objet', text: 'Bonjour' },
      ]);
    const sent = (await server('message', 'sent', '--client', '1000')) as { id: number; kind: string }[];
    const id = `${sent.find(({ kind }) => kind === 'message')?.id}`;
    expect(await server('message', 'sent', id)).toMatchObject({
      times: 1,
      written: { subject: 'Réponse', text: 'Bien reçu' },
    });
    expect(await server('message', 'resend', id)).toEqual([{ id: Number(id), result: 'queued' }]);
    await expect
      .poll(() => server('message', 'sent', id), { timeout: 60_000 })
      .toMatchObject({ times: 2, waits: false });
    // The office finds out that it is a repeat.
    expect(await json('message', 'list')).toHaveLength(2);
  }, 120_000);

  it('does not wait for ever for a broker that is away', async () => {
    await json('setting', 'set', 'broker', `mqtt://127.0.0.1:${await freePort()}`);
    await officeQuery(`insert into "Deces" ("Status", "Nom") values (2, 'C')`);
    const run = await station('export', '--wait', '1', '--lang', 'en');
    expect(run).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/no broker within 1 s/),
      stdout: expect.stringMatching(/1 without receipt, of 1/),
    });
    expect(await station('account', '--wait', '1')).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/pas de réponse/),
    });
    await json('setting', 'set', 'broker', brokerUrl);
    expect(await json('export')).toEqual({ filed: 1, refused: 0, waiting: 0, of: 1 });
    expect(await json('account')).toMatchObject({ balance: 0 });
    expect(await json('status')).toMatchObject({ questions: [], waiting: 0 });
  }, 120_000);

  it('renews its certificate while it exports', async () => {
    const watching = office.start('xmstation', 'export', '--watch', '--lang', 'en');
    await watching.see(/broker: connected/);
    const words = ['enrol', '--online', '--password-stdin', '--wait', '1'];
    expect(await office.feed('un bon mot de passe\n', 'xmstation', ...words)).toMatchObject({ code: 4 });
    const { id, fingerprint } = await waitingRequest();
    await server('pki', 'request', 'accept', `${id}`, '--fingerprint', fingerprint);
    // The same command goes on waiting: no password is asked for again.
    expect(await json('enrol', '--online', '--wait', '120')).toMatchObject({ fingerprint });
    watching.kill('SIGTERM');
    expect(await watching.exited).toBe(0);
    expect(await json('account')).toMatchObject({ balance: 0 });
  }, 120_000);
});
