/** A broker is tried before its settings are kept: Mosquitto with TLS and client certificates, and one of 3.1.1 alone. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate, parser } from 'mqtt-packet';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MachineBrokers } from '../../src/cli/machine-brokers.ts';
import { DataFolder } from '../../src/config.ts';
import type { BrokerTrial } from '../../src/core/console-ports.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../src/mqtt/embedded-broker.ts';
import { createAuthority, issueCertificate } from '../../src/pki/authority.ts';
import { certificatePem } from '../../src/pki/certificate.ts';
import { makeKey, writeKeyFile } from '../../src/pki/key-file.ts';
import { accounts, mosquittoProgram, startMosquitto, type TestBroker } from './brokers.ts';

const home = mkdtempSync(join(tmpdir(), 'xms-try-'));
afterAll(() => rmSync(home, { recursive: true }));
const at = (name: string) => join(home, name);
const now = Date.now();
const dayMs = 86_400_000;

const authority = createAuthority({ commonName: 'Autorité du broker', now: now - 60 * dayMs, years: 20 });
const other = createAuthority({ commonName: 'Une autre autorité', now, years: 20 });
const pems = { authority: certificatePem(authority.certificate), other: certificatePem(other.certificate) };

/** Files NAME.crt and NAME.key. */
function identity(name: string, issuer: typeof authority, role: 'listener' | 'station', until = now + dayMs) {
  const { publicKey, privateKey } = makeKey();
  const certificate = issueCertificate(issuer, {
    subject: { commonName: name },
    publicKey,
    role,
    hosts: role === 'listener' ? ['localhost', '127.0.0.1'] : [],
    notBefore: now - 30 * dayMs,
    notAfter: until,
  });
  writeFileSync(at(`${name}.crt`), certificatePem(certificate));
  writeKeyFile(at(`${name}.key`), privateKey);
  return certificatePem(certificate);
}

writeFileSync(at('authority.crt'), pems.authority);
identity('broker', authority, 'listener');
const engine = identity('engine', authority, 'station');
const stranger = identity('stranger', other, 'station');
identity('ended', authority, 'station', now - 2 * dayMs);

const folder = new DataFolder(at('XMSData'));
const brokers = new MachineBrokers(folder);
const trial = (url: string, more: Partial<BrokerTrial> = {}) =>
  brokers.tried({ url, keepAliveS: 60, ...more });
const refused = (code: string, params: object = {}) => expect.objectContaining({ code, params });

describe('files that a broker names', () => {
  it('certificates are read as PEM; what is none, is missing or has ended is told', async () => {
    expect(await brokers.certificates(at('authority.crt'))).toBe(pems.authority);
    await expect(brokers.certificates(at('engine.key'))).rejects.toMatchObject({
      code: 'certificate-invalid',
    });
    await expect(brokers.certificates(at('nowhere.crt'))).rejects.toMatchObject({
      code: 'file-unreadable',
      params: { file: at('nowhere.crt') },
    });
    await expect(brokers.certificates(at('ended.crt'))).rejects.toMatchObject({
      code: 'broker-certificate-ended',
      params: { subject: 'CN=ended' },
    });
  });

  it('a key goes into secrets/, where nobody else reads it, and over no other', async () => {
    expect(await brokers.keepKey(at('engine.key'), engine)).toBe('engine.key');
    const kept = folder.at('secrets', 'engine.key');
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    expect(readFileSync(kept)).toEqual(readFileSync(at('engine.key')));
    expect(await brokers.keepKey('engine.key', engine)).toBe('engine.key');
    expect(await brokers.keepKey(at('engine.key'), engine)).toBe('engine.key');
    writeFileSync(folder.at('secrets', 'stranger.key'), 'something else');
    await expect(brokers.keepKey(at('stranger.key'), stranger)).rejects.toMatchObject({
      code: 'file-exists',
    });
    rmSync(folder.at('secrets', 'stranger.key'));
    await expect(brokers.keepKey(at('stranger.key'), engine)).rejects.toMatchObject({
      code: 'broker-key-other',
      params: { subject: 'CN=engine' },
    });
    await expect(brokers.keepKey(at('engine.crt'), engine)).rejects.toMatchObject({ code: 'key-invalid' });
    await expect(brokers.keepKey('nowhere.key', engine)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});

describe.skipIf(!mosquittoProgram)('Mosquitto with TLS, where this machine has it', () => {
  let broker: TestBroker;
  let url = '';
  async function start(settings: readonly string[] = []): Promise<void> {
    broker = await startMosquitto([
      `keyfile ${at('broker.key')}`,
      `certfile ${at('broker.crt')}`,
      ...settings,
    ]);
    url = `mqtts://localhost:${new URL(broker.url).port}`;
  }
  const asking = ['require_certificate true', `cafile ${at('authority.crt')}`];
  afterEach(() => broker.stop());

  it('is spoken to where its authority is given; another one is refused by name', async () => {
    await start();
    expect(await trial(url, { authority: pems.authority })).toBeUndefined();
    expect(await trial(url, { authority: pems.other + pems.authority })).toBeUndefined();
    await expect(trial(url, { authority: pems.other })).rejects.toEqual(
      refused('broker-authority', {
        url,
        authority: 'CN=Une autre autorité',
        detail: 'unable to verify the first certificate',
      }),
    );
    await expect(trial(url)).rejects.toMatchObject({ code: 'broker-untrusted' });
  });

  it('speaks both versions', async () => {
    await start();
    for (const mqttVersion of ['5', '3.1.1'] as const) {
      expect(await trial(url, { mqttVersion, authority: pems.authority })).toBeUndefined();
    }
  });

  it('that asks for a certificate takes ours, and refuses none and a stranger’s', async () => {
    await start(asking);
    const terms = { authority: pems.authority, clientCertificate: engine, clientKey: 'engine.key' };
    expect(await trial(url, terms)).toBeUndefined();
    await expect(trial(url, { authority: pems.authority })).rejects.toMatchObject({
      code: 'broker-client-certificate',
    });
    await brokers.keepKey(at('stranger.key'), stranger);
    const strange = { ...terms, clientCertificate: stranger, clientKey: 'stranger.key' };
    await expect(trial(url, strange)).rejects.toMatchObject({ code: 'broker-client-certificate' });
    expect(await trial(url, { ...terms, clientKey: 'elsewhere.key' })).toMatchObject({ code: 'key-invalid' });
  });

  it('that is away is no reason not to keep its settings', async () => {
    await start();
    await broker.kill();
    expect(await trial(url, { authority: pems.authority })).toMatchObject({ code: 'broker-unreachable' });
  });

  it('what config.json of this machine has of its own goes before', async () => {
    await start(asking);
    const own = new DataFolder(at('own'));
    own.set({ broker: { ca: at('authority.crt'), certificate: at('engine.crt'), key: at('engine.key') } });
    const here = new MachineBrokers(own);
    expect(here.ownSettings).toEqual(['ca', 'certificate', 'key']);
    const terms = { authority: pems.other, clientCertificate: stranger, clientKey: 'stranger.key' };
    expect(await here.tried({ url, keepAliveS: 60, ...terms })).toBeUndefined();
  });
});

describe('a broker of MQTT 3.1.1 alone', () => {
  let aedes: EmbeddedBroker;
  /** As RabbitMQ before 3.13: what it does not speak it does not answer. */
  let speechless: Server;
  beforeAll(async () => {
    aedes = await startEmbeddedBroker({ host: '127.0.0.1', preferredPort: 0, accounts });
    speechless = createServer(serve311).listen(0, '127.0.0.1');
    await once(speechless, 'listening');
  });
  afterAll(async () => {
    await aedes.close();
    speechless.close();
  });

  const urls = () => {
    const address = speechless.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return [aedes.url, `mqtt://127.0.0.1:${port}`];
  };

  it('is refused for MQTT 5, whether it says so or not, and taken for 3.1.1', async () => {
    for (const url of urls()) {
      expect(await trial(url, { mqttVersion: '3.1.1' }), url).toBeUndefined();
      await expect(trial(url, { mqttVersion: '5' }), url).rejects.toEqual(
        refused('broker-version', { url, version: '5' }),
      );
    }
  });
});

function serve311(socket: Socket): void {
  const packets = parser();
  packets.on('packet', packet => {
    if (packet.cmd !== 'connect') return;
    if (packet.protocolVersion === 5) socket.destroy();
    else socket.write(generate({ cmd: 'connack', returnCode: 5, sessionPresent: false }));
  });
  socket.on('data', bytes => packets.parse(bytes)).on('error', () => undefined);
}
