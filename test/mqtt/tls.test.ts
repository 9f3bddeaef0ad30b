/** Links over TLS to a real Mosquitto, with certificates of our own authority. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { brokerConnection, keepCertificates, keepKey } from '../../src/cli/secure-connection.ts';
import { StationFolder } from '../../src/config.ts';
import { drainSession } from '../../src/mqtt/drain-session.ts';
import type { LinkOptions } from '../../src/mqtt/link.ts';
import { type Authority, createAuthority, issueCertificate } from '../../src/pki/authority.ts';
import { certificatePem } from '../../src/pki/certificate.ts';
import { makeKey } from '../../src/pki/key-file.ts';
import { succeed } from '../../src/pki/succession.ts';
import { mosquittoProgram, startMosquitto, type TestBroker } from './brokers.ts';
import { client, closeAll, connected, untilConnected } from './clients.ts';

const now = Date.now();
const folder = mkdtempSync(join(tmpdir(), 'xms-tls-'));
let broker: TestBroker;
const wires: Wire[] = [];
afterEach(async () => {
  await closeAll();
  await Promise.all(wires.splice(0).map(wire => wire.close()));
  await broker.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

const authority = createAuthority({ commonName: 'XMServer CA', now, years: 20 });
const ca = certificatePem(authority.certificate);

function identity(issuer: Authority, role: 'listener' | 'station', hosts: readonly string[] = []) {
  const { publicKey, privateKey } = makeKey();
  const order = { subject: { commonName: '1024' }, publicKey, role, hosts };
  const certificate = issueCertificate(issuer, {
    ...order,
    notBefore: now - 3_600_000,
    notAfter: now + 86_400_000,
  });
  return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

/** Returns its address under this name. */
async function start(
  hosts: readonly string[],
  { issuer = authority, chain = '', settings = [] as readonly string[] } = {},
): Promise<(host: string) => string> {
  const { certificate, key } = identity(issuer, 'listener', hosts);
  broker = await startMosquitto([
    `keyfile ${write('broker.key', key)}`,
    `certfile ${write('broker.crt', certificatePem(certificate) + chain)}`,
    ...settings,
  ]);
  const { port } = new URL(broker.url);
  return host => `mqtts://${host}:${port}`;
}

/** Counts what passes between a link and its broker, connection by connection. */
class Wire {
  readonly connections: { first: number; up: number; down: number; socket: Socket }[] = [];
  readonly #server = createServer(socket => {
    const count = { first: 0, up: 0, down: 0, socket };
    this.connections.push(count);
    const far = connect(this.#port, '127.0.0.1');
    socket.on('data', bytes => {
      count.first ||= bytes.length;
      count.up += bytes.length;
    });
    far.on('data', bytes => {
      count.down += bytes.length;
    });
    socket.pipe(far).pipe(socket);
    for (const one of [socket, far]) one.on('error', () => undefined);
    socket.on('close', () => far.destroy());
    far.on('close', () => socket.destroy());
  });
  readonly #port: number;

  private constructor(port: number) {
    this.#port = port;
  }

  static async to(url: string): Promise<Wire> {
    const wire = new Wire(Number(new URL(url).port));
    wire.#server.listen(0, '127.0.0.1');
    await once(wire.#server, 'listening');
    wires.push(wire);
    return wire;
  }

  get url(): string {
    const address = this.#server.address();
    return `mqtts://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  cut(): void {
    for (const { socket } of this.connections) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

const refused = (detail: RegExp, code = 'broker-unreachable') => ({
  state: 'connecting',
  reason: { code, params: { detail: expect.stringMatching(detail) as string } },
});

describe.skipIf(!mosquittoProgram)('a link over TLS, where this machine has Mosquitto', () => {
  it('takes the broker under the names of its certificate, and under no other', async () => {
    const url = await start(['localhost', '127.0.0.1']);
    for (const host of ['localhost', '127.0.0.1']) {
      await connected(url(host), 'server', { ca, clientId: host });
    }
    await closeAll();
    await broker.stop();
    const other = await start(['mq.example.cm']);
    expect(await client(other('localhost'), 'server', { ca }).statuses.next()).toMatchObject(
      refused(/does not match certificate's altnames/),
    );
    expect(await client(other('localhost'), '1024').statuses.next()).toMatchObject(
      refused(/^unable to verify the first certificate$/, 'broker-untrusted'),
    );
  });

  it('goes on with the old root alone when the broker’s certificate is of the new one', async () => {
    const { authority: young, crosses } = succeed(authority, { now, years: 20 });
    const url = await start(['localhost'], { issuer: young, chain: certificatePem(crosses[0]) });
    await connected(url('localhost'), 'server', { ca });
    const both = [certificatePem(young.certificate), ca];
    await connected(url('localhost'), '1024', { ca: both });
  });

  it('shows its own certificate to a broker that asks for one', async () => {
    const settings = ['require_certificate true', `cafile ${write('ca.crt', ca)}`];
    const url = await start(['localhost'], { settings });
    const { certificate, key } = identity(authority, 'station');
    const shown: Partial<LinkOptions> = { ca, certificate: certificatePem(certificate), key };
    await connected(url('localhost'), '1024', shown);
    expect((await client(url('localhost'), '1025', { ca }).statuses.next()).state).toBe('connecting');
    const account = { userName: 'server', password: 'centre', keepAliveS: 60, sessionExpiryS: 60 };
    const dead = { ...account, ...shown, url: url('localhost'), clientId: 'dead', subscriptions: [] };
    expect(await drainSession(dead, () => undefined, new AbortController().signal)).toBe(0);
  });

  it('takes from the settings whom to believe, who we are and how often to ask', async () => {
    const settings = ['require_certificate true', `cafile ${write('ca.crt', ca)}`];
    const url = await start(['localhost'], { settings });
    const data = new StationFolder(join(folder, 'station'));
    const { certificate, key } = identity(authority, 'station');
    write('given.crt', certificatePem(certificate));
    const named = {
      certificate: keepCertificates(data, join(folder, 'given.crt'), 'broker-client'),
      key: keepKey(data, write('given.key', key), 'broker-client'),
    };
    expect(named).toEqual({
      certificate: 'certificates/broker-client.crt',
      key: 'secrets/broker-client.key',
    });
    expect(statSync(data.at(named.key)).mode & 0o777).toBe(0o600);
    expect(
      await client(url('localhost'), '1024', brokerConnection(data, named)).statuses.next(),
    ).toMatchObject(refused(/^self-signed certificate in certificate chain$/, 'broker-untrusted'));
    writeFileSync(data.at('certificates', 'authority.crt'), ca);
    await connected(url('localhost'), 'server', brokerConnection(data, named));
    await connected(
      url('localhost'),
      '1025',
      brokerConnection(data, { ...named, ca: join(folder, 'ca.crt') }),
    );
    expect(brokerConnection(data, { keepAliveS: 30, groups: 'X25519' })).toMatchObject({
      keepAliveS: 30,
      groups: 'X25519',
    });
    expect(() => keepKey(data, join(folder, 'given.crt'), 'broker-client')).toThrow(
      expect.objectContaining({ code: 'key-invalid' }),
    );
  });

  it('sends one small key share where the groups say so', async () => {
    await start(['127.0.0.1']);
    const sizeOf = async (groups?: string) => {
      const wire = await Wire.to(broker.url);
      const { link } = await connected(wire.url, 'server', { ca, ...(groups ? { groups } : {}) });
      await link.close();
      return wire.connections[0]?.first ?? 0;
    };
    const usual = await sizeOf();
    const thin = await sizeOf('X25519:P-256');
    process.stderr.write(`ClientHello: ${usual} bytes, X25519 alone ${thin}\n`);
    expect(thin).toBeLessThan(400);
    expect(usual - thin).toBeGreaterThan(1_000);
  });

  it('resumes its TLS session after a loss: no certificate comes again', async () => {
    await start(['127.0.0.1']);
    const wire = await Wire.to(broker.url);
    const made = await connected(wire.url, 'server', { ca, groups: 'X25519:P-256' });
    await made.link.roundTrip();
    wire.cut();
    await made.statuses.until(({ state }) => state === 'lost');
    await untilConnected(made);
    await made.link.roundTrip();
    const [whole, resumed] = wire.connections;
    process.stderr.write(
      `from the broker: ${whole?.down} bytes at first, ${resumed?.down} resumed; to it: ${whole?.up}, ${resumed?.up}\n`,
    );
    expect(resumed?.down).toBeLessThan((whole?.down ?? 0) - 400);
  });

  it('begins anew where the broker has forgotten the session', async () => {
    await start(['127.0.0.1']);
    const wire = await Wire.to(broker.url);
    const made = await connected(wire.url, 'server', { ca });
    await made.link.roundTrip();
    await broker.kill();
    await broker.revive();
    await made.statuses.until(({ state }) => state === 'lost');
    await untilConnected(made);
  });
});
