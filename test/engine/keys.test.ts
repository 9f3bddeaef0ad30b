/** The server's key renewed and revoked while an engine and a station run: neither is started again. */
import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DataFolder } from '../../src/config.ts';
import { hex } from '../../src/core/message.ts';
import type { Certificate } from '../../src/pki/certificate.ts';
import { KeyStore } from '../../src/pki/key-store.ts';
import { createOpener } from '../../src/sdc/opener.ts';
import { isAlive } from '../e2e/installation.ts';
import { accountOf, refusals, settled, wholeAccount } from '../site/account.ts';
import { type RunningEngine, startEngine } from '../site/engine.ts';
import type { Office } from '../site/enrol.ts';
import { birth, Collector, type LoadMessage, Senders, sealLoad, sealRecords } from '../site/load.ts';
import { makeSite, type Site } from '../site/site.ts';
import { Station } from '../site/station.ts';
import { makeStationFolder } from '../site/station-program.ts';
import { until } from '../until.ts';

const program = (name: string) => join(import.meta.dirname, '..', '..', 'bin', `${name}.js`);

let site: Site;
let folder: DataFolder;
let engine: RunningEngine;
let senders: Senders;
let collector: Collector;
let renewed: Certificate;
let sent = 0;
beforeAll(async () => {
  site = await makeSite(4, 'ec');
  folder = new DataFolder(join(site.home, 'XMSData'));
  engine = await startEngine(folder, undefined);
  senders = await Senders.connect(site.broker.url, 2);
  collector = await Collector.connect(site.broker.url);
});
afterAll(async () => {
  await collector?.close();
  await senders?.close();
  await engine?.kill();
  await site?.close();
});

const run = (name: string, data: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [program(name), ...args, '--data', data, '--lang', 'en']);

const cycle = () => site.system.query(`insert into command (verb) values ('cycle')`);

const newest = () => new KeyStore(folder.path).certificates('server').at(-1)?.certificate as Certificate;

function sealed(recipient: Certificate, numero: number): Promise<LoadMessage[]> {
  return sealRecords(site, site.offices[0] as Office, [birth(numero)], { recipient });
}

/** Who has signed what came last for the first office: whoever's signature is the only one that is believed. */
async function lastSignedBy(certificate: Certificate): Promise<boolean> {
  const [office] = site.offices;
  const sdc = collector.arrived.findLast(({ topic }) => topic.endsWith(`/${office?.matricule}`))?.sdc;
  const opener = createOpener({ recipients: [office as Office] });
  const [result] = await opener.open([{ sdc: sdc as Buffer, isBatch: true }], async () => [certificate]);
  return result?.ok === true;
}

/** Has it filed; the receipt has come by then. */
async function filedWithReceipt(messages: readonly LoadMessage[]): Promise<void> {
  const before = collector.arrived.length;
  await senders.send(messages, 1);
  sent += messages.length;
  await settled(site, sent);
  await until(() => collector.arrived.length > before);
}

it('renewed: it opens from the next cycle on, and signs not yet; what comes meanwhile is filed once', async () => {
  const load = await sealLoad(site, 600, true, 1_000);
  const sending = senders.pace(load, 200);
  await run('xmserver', folder.path, 'pki', 'renew');
  renewed = newest();
  await cycle();
  await engine.log.until(line => line.includes(`keys of the server: ${hex(renewed.keyId)}, `));
  await sending;
  sent += load.length;
  await settled(site, sent);
  await filedWithReceipt(await sealed(renewed, 1));
  expect(await accountOf(site)).toEqual(wholeAccount(sent));
  expect(await refusals(site)).toEqual([]);
  expect(await lastSignedBy(site.server)).toBe(true);
  expect(await lastSignedBy(renewed)).toBe(false);
}, 60_000);

it('a station that runs seals to the newest that it is given', async () => {
  const office = site.offices[1] as Office;
  const station = await Station.install(site, office);
  const { host, port, database: name } = station.settings;
  const data = makeStationFolder(site, office, {
    brokerUrl: site.broker.url,
    database: { host, port, name },
  });
  // Before the first round: there is one a minute.
  await station.write(1);
  const child = spawn(
    process.execPath,
    [program('xmstation'), 'export', '--watch', '--data', data, '--lang', 'en'],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    await until(async () => (await station.count(4)) === 1);
    await run('xmstation', data, 'enrol', '--server', folder.at('certificates', 'server-2.crt'));
    await station.write(1);
    await until(async () => (await station.count(4)) === 2);
    const rows = await site.documents.query<{ signed: Buffer }>(
      'select signed from xms.provenance where client = $1 order by numero desc limit 2',
      [office.matricule],
    );
    const keys = [renewed, site.server].map(({ keyId }) => keyId);
    expect(rows.map(({ signed }, i) => signed.includes(keys[i] as Buffer))).toEqual([true, true]);
    sent += 2;
  } finally {
    child.kill('SIGTERM');
    await station.close();
  }
}, 120_000);

it('revoked: at once it neither opens nor signs, and the other one does', async () => {
  const old = hex(site.server.keyId);
  await run('xmserver', folder.path, 'pki', 'revoke', old, '--reason', 'keyCompromise');
  await engine.log.until(line => line.includes(`keys of the server: ${hex(renewed.keyId)}; `));
  await filedWithReceipt(await sealed(renewed, 2));
  expect(await lastSignedBy(renewed)).toBe(true);
  expect(await lastSignedBy(site.server)).toBe(false);
  const before = collector.arrived.length;
  await senders.send(await sealed(site.server, 3), 1);
  await until(() => collector.arrived.length > before);
  expect(await refusals(site)).toEqual([{ reason: { code: 'sdc-not-for-us', params: {} }, count: 1 }]);
  expect(await lastSignedBy(renewed)).toBe(true);
}, 60_000);

it('the last one revoked: the engine ends, and says why', async () => {
  await run('xmserver', folder.path, 'pki', 'revoke', hex(renewed.keyId), '--reason', 'keyCompromise');
  await engine.log.until(line => line.includes('certificate revoked: stopping'));
  await until(() => !isAlive(engine.pid));
  await expect(engine.stop()).rejects.toThrow(/ended with 1/);
}, 60_000);
