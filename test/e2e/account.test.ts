/** Money and the licence by the built program, in both languages. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PipedProgram, TestInstallation } from './installation.ts';

const installation = new TestInstallation();
let services: PipedProgram;
beforeAll(async () => {
  services = installation.start('xmserver', 'services');
  const file = join(installation.data, 'run', 'services.json');
  await services.until(() => existsSync(file) && readFileSync(file, 'utf8').includes('"ready":true'));
  // The first command makes the databases.
  expect(await installation.run('xmserver', 'account', 'verify')).toMatchObject({ code: 0 });
  await installation.query('XMServerSystem', `insert into client (matricule, nom) values (1000, 'Kribi')`);
}, 60_000);
afterAll(() => installation.remove());

const run = (...args: string[]) => installation.run('xmserver', ...args);

it('keeps the account of a client', async () => {
  const recharge = ['account', 'recharge', '1000', '12', '500', '--reference', '2026/0017'];
  expect((await run(...recharge)).stdout).toContain('12 500 XAF crédités au client 1000');
  expect((await run(...recharge, '--lang', 'en')).stdout).toContain('nothing has changed');
  const correct = await run('account', 'correct', '1000', '-500', '--reason', 'frais', '--json');
  expect(JSON.parse(correct.stdout)).toMatchObject({ amount: -500, balance: 12_000 });
  const statement = await run('account', 'statement', '1000', '--lang', 'en');
  expect(statement.stdout).toMatch(/balance after {3}12,000 XAF/);
  expect(await run('account', 'invoice', '1000', '--period', '2020')).toMatchObject({
    code: 1,
    stderr: 'xmserver: rien à facturer du 2020-01-01 au 2020-12-31\n',
  });
  await installation.query('XMServerSystem', 'update account set balance = 0');
  expect(await run('account', 'verify', '--json')).toMatchObject({
    code: 1,
    stdout: `${JSON.stringify({ accounts: 1, invoices: 0, imbalances: [{ client: 1000, kept: 0, sum: 12_000 }] })}\n`,
  });
});

it('keeps it as an act on a client, too', async () => {
  const recharge = await run('client', 'recharge', '1000', '700', '--reference', '2026/0018', '--json');
  expect(JSON.parse(recharge.stdout)).toMatchObject({ client: 1000, amount: 700, repeated: false });
  const correct = await run('client', 'correct', '1000', '-200', '--reason', 'frais', '--json');
  expect(JSON.parse(correct.stdout)).toMatchObject({ amount: -200, reason: 'frais' });
  const statement = await run('client', 'statement', '1000', '--json');
  expect(JSON.parse(statement.stdout)).toMatchObject({ client: 1000 });
  await installation.query(
    'XMServerSystem',
    `insert into movement (client, kind, service, message_id, bytes, amount, at)
     values (1000, 'charge', 'EXPORT', decode('0011223344556677', 'hex'), 600, -35, '2020-06-01')`,
  );
  const invoice = await run('client', 'invoice', '1000', '--period', '2020-06', '--json');
  expect(JSON.parse(invoice.stdout)).toMatchObject({ client: 1000, total: 35 });
  expect(await run('client', 'tariff', 'list')).toMatchObject({ code: 2 });
});

it('shows the licence, and makes a key for it', async () => {
  const shown = await run('licence', 'show', '--json');
  const { installation: id, limits } = JSON.parse(shown.stdout) as { installation: string; limits: object };
  expect(limits).toEqual({ clients: 10, operators: 20 });
  expect((await run('licence', 'show')).stdout).toContain(`installation  ${id}\nédition       SILVER`);
  const vendor = join(installation.home, 'vendor');
  expect(await run('licence', 'keygen', '--out', vendor)).toMatchObject({ code: 0 });
  const order = ['--installation', id, '--clients', '5000', '--holder', 'Centre national'];
  const made = await run('licence', 'make', '--key', `${vendor}.key`, ...order);
  expect(made.stdout).toMatch(/^# Centre national, 5000\n/);
  expect(await run('licence', 'set', made.stdout.split('\n').slice(1).join(' '))).toMatchObject({ code: 1 });
});

it.each([
  ['account', 'fr', 'crédite un paiement'],
  ['account', 'en', 'credits a payment'],
  ['client', 'fr', 'xmserver client invoice N'],
  ['licence', 'fr', 'Pour le fournisseur'],
  ['licence', 'en', 'For the vendor'],
  ['pki', 'en', 'a new revocation list'],
])('%s --help in %s', async (command, language, words) => {
  expect(await run(command, '--help', '--lang', language)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(words),
  });
});
