/** How the broker is spoken to, changed while an engine runs: MQTT Subscribe takes it over, as it does another address. */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrationOf } from '../../src/cli/administration/ports.ts';
import { commandLineOperator } from '../../src/cli/command-line-operator.ts';
import { addBroker, changeBroker, selectBroker } from '../../src/core/administration/broker.ts';
import type { BrokerEntry } from '../../src/core/administration/ports.ts';
import type { EngineStatus } from '../../src/core/engine-status.ts';
import { createAuthority, issueCertificate } from '../../src/pki/authority.ts';
import { certificatePem } from '../../src/pki/certificate.ts';
import { makeKey, writeKeyFile } from '../../src/pki/key-file.ts';
import { mosquittoProgram, startMosquitto, type TestBroker } from '../mqtt/brokers.ts';
import { closeAll, connected } from '../mqtt/clients.ts';
import { makeSite, type Site } from '../site/site.ts';
import { until } from '../until.ts';

const now = Date.now();
const authority = createAuthority({ commonName: 'Autorité du broker', now, years: 20 });
const other = createAuthority({ commonName: 'Une autre autorité', now, years: 20 });
const account = { userName: 'server', password: 'centre' };

describe.runIf(mosquittoProgram)('an engine, while it runs', () => {
  let site: Site;
  let broker: TestBroker;
  let url = '';
  let id = 0;
  const files: string[] = [];
  const temporary = (name: string) => {
    const file = join(tmpdir(), `xms-engine-broker-${process.pid}-${name}`);
    files.push(file);
    return file;
  };
  const secret = (name: string) => join(site.home, 'XMSData', 'secrets', name);

  function identity(role: 'listener' | 'station') {
    const { publicKey, privateKey } = makeKey();
    const certificate = issueCertificate(authority, {
      subject: { commonName: role },
      publicKey,
      role,
      hosts: role === 'listener' ? ['localhost'] : [],
      notBefore: now - 3_600_000,
      notAfter: now + 86_400_000,
    });
    return { certificate: certificatePem(certificate), privateKey };
  }

  beforeAll(async () => {
    const listener = identity('listener');
    const written = (name: string, text: string) => {
      writeFileSync(temporary(name), text);
      return files.at(-1) ?? '';
    };
    broker = await startMosquitto([
      `keyfile ${written('broker.key', listener.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())}`,
      `certfile ${written('broker.crt', listener.certificate)}`,
      `cafile ${written('ca.crt', certificatePem(authority.certificate))}`,
      'require_certificate true',
    ]);
    url = `mqtts://localhost:${new URL(broker.url).port}`;
    site = await makeSite(1, 'ec');
    await site.startEngine();
    await told(({ state }) => state === 'connected');
  });

  afterAll(async () => {
    await closeAll();
    await site?.close();
    await broker?.stop();
    for (const file of files) rmSync(file, { force: true });
  });

  /** What the engine tells of its broker, once it fits. */
  async function told(fits: (broker: EngineStatus['broker']) => boolean): Promise<EngineStatus['broker']> {
    let broker: EngineStatus['broker'] | undefined;
    await until(async () => {
      const [row] = await site.system.query<{ status: EngineStatus }>('select status from engine');
      broker = row?.status.broker;
      return broker !== undefined && fits(broker);
    });
    return broker as EngineStatus['broker'];
  }

  async function received(count: number): Promise<void> {
    await expect
      .poll(() => site.documents.query('select count(*)::int from xms.inbox'), { timeout: 10_000 })
      .toEqual([{ count }]);
  }

  async function untilReceived(size: number): Promise<void> {
    await until(
      async () => (await site.documents.query('select from xms.inbox where size = $1', [size])).length > 0,
    );
  }

  const subscribe = () => site.system.query(`insert into command (verb) values ('subscribe')`);

  async function change(changes: Partial<BrokerEntry>): Promise<void> {
    await changeBroker(administrationOf(site.system, site.documents), commandLineOperator(), id, changes);
    await subscribe();
  }

  it('refuses a broker of another authority than the one that is given, by its name', async () => {
    const administration = administrationOf(site.system, site.documents);
    const ours = identity('station');
    writeKeyFile(secret('engine.key'), ours.privateKey);
    const made = await addBroker(administration, commandLineOperator(), {
      url,
      ...account,
      authority: certificatePem(other.certificate),
      clientCertificate: ours.certificate,
      clientKey: 'engine.key',
    });
    id = made.id;
    await selectBroker(administration, commandLineOperator(), id);
    await subscribe();
    const { reason } = await told(status => status.url === url && status.reason !== undefined);
    expect(reason).toMatchObject({
      code: 'broker-authority',
      params: { authority: 'CN=Une autre autorité' },
    });
  });

  it('comes over with the right authority, showing its certificate', async () => {
    await change({ authority: certificatePem(authority.certificate) });
    const status = await told(({ state }) => state === 'connected');
    expect(status).toMatchObject({ url, protocol: 5 });
    expect(status).not.toHaveProperty('reason');
  });

  it('goes on where this machine lacks the key, and says so', async () => {
    await change({ clientKey: 'elsewhere.key' });
    const status = await told(({ reason }) => reason !== undefined);
    expect(status).toMatchObject({ state: 'connected', reason: { code: 'key-invalid' } });
    await change({ clientKey: 'engine.key' });
    await told(({ reason }) => reason === undefined);
  });

  it('speaks the version and the keep-alive that are asked for, and leaves no session behind', async () => {
    await change({ mqttVersion: '3.1.1', keepAliveS: 10 });
    await told(({ state, protocol }) => state === 'connected' && protocol === 4);
    const { certificate, privateKey } = identity('station');
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const office = await connected(url, '1024', {
      ca: certificatePem(authority.certificate),
      certificate,
      key,
    });
    const send = async () => {
      for (let i = 0; i < 10; i++) await office.link.publish('xms/u/1024', Buffer.from('no SDC'));
    };
    await send();
    await received(10);
    await change({ mqttVersion: '5' });
    await told(({ state, protocol }) => state === 'connected' && protocol === 5);
    await send();
    await received(20);
    // Had the session of before been left behind, it would bring what it has collected meanwhile, a second time.
    await change({ mqttVersion: '3.1.1' });
    await told(({ state, protocol }) => state === 'connected' && protocol === 4);
    await office.link.publish('xms/u/1024', Buffer.from('the last'));
    await untilReceived(Buffer.byteLength('the last'));
    await received(21);
  });
});
