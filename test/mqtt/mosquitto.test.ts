import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeBrokerCertificate } from '../site/broker-certificate.ts';
import { Wire as CountedWire } from '../site/wire.ts';
import { mosquittoProgram, startMosquitto, type TestBroker } from './brokers.ts';
import { client, closeAll, connected, take, textOf, untilConnected } from './clients.ts';

let broker: TestBroker;
afterEach(async () => {
  await closeAll();
  await broker.stop();
});

const topic = 'xms/u/1024';

describe.skipIf(!mosquittoProgram)('with Mosquitto, where this machine has one', () => {
  it('engines share the messages among them, and none is missed when one leaves', async () => {
    broker = await startMosquitto();
    const shared = { sharedGroup: 'xms', subscriptions: ['xms/u/+'] };
    const one = await connected(broker.url, 'server', { ...shared, clientId: 'engine-1' });
    const two = await connected(broker.url, 'server', { ...shared, clientId: 'engine-2' });
    const station = await connected(broker.url, '1024');
    const texts = Array.from({ length: 20 }, (_, i) => `message ${i}`);
    for (const text of texts) await station.link.publish(topic, Buffer.from(text));
    await Promise.all([one.link.roundTrip(), two.link.roundTrip()]);
    const [here, there] = [one, two].map(({ deliveries }) => deliveries.waiting.map(textOf));
    expect([...(here ?? []), ...(there ?? [])].toSorted()).toEqual(texts.toSorted());
    expect(here?.length).toBeGreaterThan(0);
    expect(there?.length).toBeGreaterThan(0);
  });

  it('a packet larger than we take is left out, and the next one comes', async () => {
    broker = await startMosquitto();
    const server = await connected(broker.url, 'server');
    const station = await connected(broker.url, '1024');
    await station.link.publish(topic, Buffer.alloc((1 << 20) + 1));
    await station.link.publish(topic, Buffer.from('small'));
    expect((await take(server, 1)).map(textOf)).toEqual(['small']);
    expect(server.link.status.state).toBe('connected');
  });

  it('receives no more ahead than it asked for', async () => {
    broker = await startMosquitto();
    const station = await connected(broker.url, '1024');
    const server = await connected(broker.url, 'server', { receiveMaximum: 5 });
    for (let i = 0; i < 20; i++) await station.link.publish(topic, Buffer.from(`${i}`));
    await server.link.roundTrip();
    expect(server.deliveries.waiting).toHaveLength(5);
    for (const delivery of await take(server, 5)) delivery.acknowledge();
    expect((await take(server, 5)).map(textOf)).toEqual(['5', '6', '7', '8', '9']);
  });

  it('a certificate of the broker is checked against the authority given, and against no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xms-tls-'));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'].concat(
        [
          '-subj',
          '/CN=127.0.0.1',
          '-addext',
          'subjectAltName=IP:127.0.0.1',
          '-keyout',
          key,
          '-out',
          certificate,
        ],
      ),
      { stdio: 'ignore' },
    );
    broker = await startMosquitto([`keyfile ${key}`, `certfile ${certificate}`]);
    const url = broker.url.replace('mqtt:', 'mqtts:');
    const ca = readFileSync(certificate, 'utf8');
    const trusting = client(url, 'server', { ca });
    expect(await untilConnected(trusting)).toEqual({
      state: 'connected',
      protocol: 5,
      subscriptions: ['xms/u/+'],
    });
    const doubting = client(url, 'server', { clientId: 'doubting' });
    expect(await doubting.statuses.next()).toMatchObject({
      state: 'connecting',
      reason: { code: 'broker-untrusted', params: { detail: expect.stringContaining('self-signed') } },
    });
    await closeAll();
    rmSync(folder, { recursive: true });
  });

  it('TLS: small key shares are small, and a connection that comes back brings no certificate again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xms-tls-'));
    const { authority, certificate, key } = makeBrokerCertificate(folder, '127.0.0.1');
    broker = await startMosquitto([`keyfile ${key}`, `certfile ${certificate}`]);
    const wire = await CountedWire.to(Number(new URL(broker.url).port));
    /** Bytes of each connection, both ways. */
    const connections: { up: number; down: number }[] = [];
    wire.tamper = ({ from, forward }) => {
      if (from === 'client') connections.push({ up: 0, down: 0 });
      const bytes = connections.at(-1) as { up: number; down: number };
      return chunk => {
        bytes[from === 'client' ? 'up' : 'down'] += chunk.length;
        forward(chunk);
      };
    };
    const options = { ca: readFileSync(authority, 'utf8'), clientId: 'small', groups: 'X25519' };
    const url = wire.url.replace('mqtt:', 'mqtts:');
    const small = await connected(url, '1024', options);
    wire.cut();
    await small.statuses.until(({ state }) => state === 'lost');
    await untilConnected(small);
    // A broker that was started anew knows nothing of the session.
    await broker.kill();
    await broker.revive();
    await small.statuses.until(({ state }) => state === 'lost');
    await untilConnected(small);
    const [first, second] = connections;
    const last = connections.at(-1);
    expect(first?.up).toBeLessThan(700);
    expect(second?.down).toBeLessThan((first?.down ?? 0) - 500);
    expect(last?.down).toBeGreaterThan((first?.down ?? 0) - 100);
    await closeAll();
    await wire.close();
    rmSync(folder, { recursive: true });
  });

  it.each(['tlsv1.2', 'tlsv1.3'])(
    '%s: a certificate for another address is refused each time',
    async version => {
      const folder = mkdtempSync(join(tmpdir(), 'xms-tls-'));
      const { authority, certificate, key } = makeBrokerCertificate(folder, '127.0.0.2');
      broker = await startMosquitto([`keyfile ${key}`, `certfile ${certificate}`, `tls_version ${version}`]);
      const ca = readFileSync(authority, 'utf8');
      const { statuses } = client(broker.url.replace('mqtt:', 'mqtts:'), '1024', { ca });
      for (let attempt = 0; attempt < 3; attempt++) {
        expect(await statuses.next()).toMatchObject({
          state: 'connecting',
          reason: { code: 'broker-unreachable', params: { detail: expect.stringContaining('127.0.0.2') } },
        });
      }
      await closeAll();
      rmSync(folder, { recursive: true });
    },
  );
});
