/** Certificates renewed on both sides while records go on: a new key of the station, of the server, and an RSA one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hex } from '../../src/core/message.ts';
import { readCertificates } from '../../src/pki/certificate.ts';
import { until } from '../until.ts';
import { type PipedProgram, TestInstallation } from './installation.ts';

const installation = new TestInstallation();
let program: PipedProgram;
beforeAll(async () => {
  program = installation.start('xmserver');
  await program.until(() => existsSync(join(installation.data, 'run', 'station.json')));
  await program.see(/ classé /, 1);
  await installation.end('station', 'SIGTERM');
}, 60_000);
afterAll(() => installation.remove());

const file = (name: string) => join(installation.home, name);

async function json<T>(programName: 'xmserver' | 'xmstation', ...args: string[]): Promise<T> {
  const run = await installation.run(programName, ...args, '--json');
  if (run.code !== 0) throw new Error(`${args.join(' ')}: ${run.stderr}`);
  return JSON.parse(run.stdout) as T;
}

/** The whole way by hand: request, fingerprint read out, acceptance, certificate. */
async function enrol(name: string, ...more: string[]): Promise<void> {
  const request = ['--client', '1000', '--name', 'Mbalmayo II', '--out', file(`${name}.csr`), ...more];
  const { fingerprint } = await json<{ fingerprint: string }>('xmstation', 'enrol', ...request);
  await json('xmserver', 'pki', 'request', 'add', file(`${name}.csr`), '--client', '1000');
  const [waiting] = await json<{ id: number }[]>('xmserver', 'pki', 'request', 'list');
  const acceptance = [`${waiting?.id}`, '--fingerprint', fingerprint, '--out', file(`${name}.crt`)];
  await json('xmserver', 'pki', 'request', 'accept', ...acceptance);
  await json('xmstation', 'enrol', '--certificate', file(`${name}.crt`));
}

async function exportOne(name: string): Promise<void> {
  await installation.query('ECRData', 'insert into "Deces" ("Status", "Nom") values (2, $1)', [name]);
  // Receipts of births that were on their way come in, too.
  expect(await json('xmstation', 'export', 'Deces')).toMatchObject({ refused: 0, waiting: 0 });
  const [row] = await installation.query('ECRData', 'select "Status" from "Deces" where "Nom" = $1', [name]);
  expect(row).toEqual({ Status: 4 });
}

/** Certificates of the client that signed records, in the order of their use. */
async function signers(): Promise<string[]> {
  const rows = await installation.query<{ signed: Buffer }>(
    'XMServerData',
    `select signed from xms.provenance where table_name = 'Deces' order by numero`,
  );
  const keys = await installation.query<{ key_id: Buffer; size: number }>(
    'XMServerSystem',
    'select key_id, length(spki) as size from certificate where client = 1000',
  );
  return rows.map(({ signed }) => {
    const key = keys.find(({ key_id, size }) =>
      size > 91 ? signed.length > 1_000 : signed.includes(key_id),
    );
    return key?.key_id.toString('hex') ?? '';
  });
}

describe('renewal', () => {
  it('of the station: the new key signs as soon as its certificate is there, the old one until then', async () => {
    await exportOne('PREMIERE');
    await enrol('renewed');
    await exportOne('DEUXIEME');
    const [first, second] = await signers();
    expect(first).not.toBe('');
    expect(second).not.toBe(first);
  }, 60_000);

  it('of the station with an RSA key: the classic shape is filed and receipted like the other', async () => {
    await enrol('rsa', '--rsa');
    await exportOne('TROISIEME');
    expect(new Set(await signers()).size).toBe(3);
  }, 60_000);

  it('of the server: stations go on with the old certificate, and go over to the new one', async () => {
    await json('xmserver', 'pki', 'renew');
    await installation.query('XMServerSystem', `insert into command (verb) values ('cycle')`);
    const log = join(installation.data, 'log', 'engine.log');
    await until(() => readFileSync(log, 'utf8').includes('keys of the server'));
    await exportOne('QUATRIEME');
    const renewed = join(installation.data, 'certificates', 'server-2.crt');
    await json('xmstation', 'enrol', '--server', renewed);
    expect(readFileSync(join(installation.data, 'station', 'certificates', 'server-2.crt'))).toEqual(
      readFileSync(renewed),
    );
    await exportOne('CINQUIEME');
  }, 60_000);

  it('of the authority: a station that trusts the old root alone enrols and exports as before', async () => {
    const roots = () =>
      readCertificates(readFileSync(join(installation.data, 'station', 'certificates', 'authority.crt')));
    await json('xmserver', 'pki', 'renew-authority');
    const [newest] = await json<{ key: string }[]>('xmserver', 'pki', 'list');
    await enrol('of-the-new-root');
    expect(roots().map(({ keyId }) => hex(keyId))).not.toContain(newest?.key);
    await exportOne('SIXIEME');
    await json('xmstation', 'enrol', '--authority', join(installation.data, 'certificates', 'authority.crt'));
    expect(roots().map(({ keyId }) => hex(keyId))).toEqual([newest?.key, expect.any(String)]);
    await exportOne('SEPTIEME');
  }, 60_000);

  it('says what is wrong, and keeps nothing', async () => {
    const run = (...args: string[]) => installation.run('xmstation', 'enrol', ...args, '--lang', 'en');
    expect((await run()).code).toBe(2);
    expect((await run('--certificate', file('renewed.crt'))).stderr).toMatch(/not for the key that waits/);
    expect((await run('--certificate', file('nowhere.crt'))).stderr).toMatch(/unreadable/);
    expect((await run('--client', '1000', '--out', file('rsa.csr'))).stderr).toMatch(/exists already/);
    program.kill('SIGTERM');
    expect(await program.exited).toBe(0);
  }, 60_000);
});
