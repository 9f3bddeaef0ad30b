/** The first use in lines: from nothing to the first operator, broker and client; each step can wait. */
import { beforeEach, expect, it } from 'vitest';
import { listBrokers } from '../../../src/core/administration/broker.ts';
import { listClients } from '../../../src/core/administration/client.ts';
import { listOperators } from '../../../src/core/administration/operator.ts';
import { XmError } from '../../../src/core/errors.ts';
import { consoleTexts } from '../../../src/text/console.ts';
import { linesTexts } from '../../../src/text/lines.ts';
import { EmptyCentre, installer, password } from '../setup/centre.ts';
import { StandIn } from '../stand-in.ts';
import { hearAll } from './reader.ts';

const { setup, connexion, login } = consoleTexts.fr;
const lines = linesTexts.fr;
const centre = await EmptyCentre.open();
const url = 'mqtts://mq.exemple.cm:8883';
const operator = ['chef', 'Ngo Bell Ruth', password, password];

beforeEach(() => centre.empty());

const brokers = () => listBrokers(centre.administration, installer);
const all = { search: '', sort: 'matricule', descending: false, from: 'start', limit: 9 } as const;
const clients = async () => (await listClients(centre.administration, installer, all)).rows;

it('asks for the first operator, the broker and the client, and says what stands', async () => {
  const client = ['Mbalmayo II', 'Mbalmayo', '', '', ''];
  const heard = await hearAll(centre.ports(), [
    ...operator,
    '',
    url,
    'xmserver',
    'secret',
    '!',
    '',
    ...client,
  ]);
  expect(heard).toContain(lines.form(setup.step(2, setup.firstOperator)));
  expect(heard).toContain(setup.operatorMade('chef'));
  expect(heard).toContain(setup.step(3, setup.steps.broker.what));
  expect(heard).toContain(setup.brokerChosen(url));
  expect(heard).toContain(setup.step(4, setup.steps.client.what));
  expect(heard).toContain(setup.complete);
  expect(heard.join('\n')).not.toMatch(/chevaux|secret/);
  expect(await brokers()).toMatchObject([{ url, userName: 'xmserver', selected: true }]);
  expect(await clients()).toMatchObject([{ name: 'Mbalmayo II', town: 'Mbalmayo' }]);
});

it('passes what is to wait, and says how one comes back to it', async () => {
  const heard = await hearAll(centre.ports(), [...operator, 'p', 'p', 'p']);
  for (const step of ['broker', 'client'] as const) {
    const { name, menu } = setup.steps[step];
    expect(heard).toContain(setup.skipped(name, menu));
  }
  expect(heard).toContain(setup.incomplete);
  expect(heard).toContain(setup.nothingLeft);
  expect([await brokers(), await clients()]).toEqual([[], []]);
});

it('asks again for what is wrong with the first operator, and creates nobody where it is given up', async () => {
  const heard = await hearAll(centre.ports(), ['1', 'Ruth', 'a', 'a', 'chef', 'bref', 'bref', '.', 'o']);
  expect(heard.filter(line => line.startsWith('nom utilisateur'))).not.toHaveLength(0);
  expect(heard).toContain(setup.lacksOperator);
  expect(heard.at(-1)).toBe(lines.prompt(login.userName).trim());
  expect(await listOperators(centre.administration, installer)).toEqual([]);
});

it('leaves the first operator to others in read-only mode', async () => {
  const ports = centre.ports();
  ports.readOnly = true;
  expect(await hearAll(ports, [])).toContain(setup.lacksOperator);
});

it('asks for the connection where there is none, and again where it fails', async () => {
  const ports = new StandIn();
  ports.known = { server: undefined, hasPassword: false };
  ports.starting = async () => {
    if (ports.connections.length < 2) throw new XmError('database-unset');
  };
  ports.connecting = async ({ host }) => {
    if (host === 'db0') throw new XmError('database-unreachable', { host, detail: 'ECONNREFUSED' });
  };
  const typed = ['db0', '', '', 'secret', '5', '', '', 'c', 'db1', '', '', '', '', ''];
  const heard = await hearAll(ports, typed);
  expect(heard).toContain(lines.form(setup.step(1, connexion.title)));
  expect(heard).toContain(lines.notSaved.question);
  expect(ports.connections).toMatchObject([
    { host: 'db0', port: 5_432, password: 'secret', sslmode: 'verify-full' },
    { host: 'db1', port: 5_432, password: 'secret', sslmode: 'verify-full' },
  ]);
  expect(heard).toContain(connexion.kept);
  expect(heard.join('\n')).not.toContain('secret');
});

it('ends with what the start failed with where no connection is given', async () => {
  const ports = new StandIn();
  const fault = new XmError('database-unreachable', { host: 'db1', detail: 'ECONNREFUSED' });
  ports.starting = () => Promise.reject(fault);
  await expect(hearAll(ports, [])).rejects.toBe(fault);
  ports.known = { server: { host: 'db1', port: 5_432, user: 'xms' }, hasPassword: false };
  await expect(hearAll(ports, ['.'])).rejects.toBe(fault);
});
