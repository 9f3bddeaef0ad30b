/** The broker test against a real Mosquitto, in several configurations. */
import { execFileSync } from 'node:child_process';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerTest, Result } from '../../../src/core/broker-test.ts';
import { addressOf } from '../../../src/mqtt/probe/address.ts';
import { Client } from '../../../src/mqtt/probe/client.ts';
import { leftOut } from '../../deploy/machine.ts';
import { mosquittoProgram } from '../brokers.ts';
import { found, probe, remarksOf, resultOf } from './found.ts';
import { type RunningMosquitto, runMosquitto } from './mosquitto.ts';

if (!mosquittoProgram) leftOut('the broker test against Mosquitto', 'no Mosquitto on this machine');

let broker: RunningMosquitto;
const never = new AbortController().signal;

/** Of somebody else, who looks on. */
function onlooker(place: string, clientId = 'onlooker', persistent = false): Promise<Client> {
  const address = addressOf(`mqtt://${place}`, undefined, false);
  return Client.connect(address, { protocol: 5, clientId, persistent }, never);
}

/** The topics under which the test ran, and whether anything of it is left at the broker. */
async function leftovers(place: string, seen: Client): Promise<{ runs: Set<string>; left: string[] }> {
  await seen.ping();
  const runs = new Set(seen.inbox.map(({ topic }) => topic.split('/').slice(0, 3).join('/')));
  const left: string[] = [];
  const late = await onlooker(place, 'late');
  await late.subscribe('#');
  await late.ping();
  left.push(...late.inbox.filter(({ topic }) => !topic.startsWith('$')).map(({ topic }) => topic));
  for (const run of runs) {
    for (const name of ['a', 'b', 'c', 'd']) {
      const session = await onlooker(place, `xmst${run.split('/')[2]}0${name}`, true);
      if (session.connack.sessionPresent) left.push(session.clientId);
      await session.close();
    }
  }
  await late.close();
  return { runs, left };
}

describe.skipIf(!mosquittoProgram)('Mosquitto as it comes', () => {
  let test: BrokerTest;
  let left: Awaited<ReturnType<typeof leftovers>>;
  const told: Result[] = [];

  beforeAll(async () => {
    broker = await runMosquitto(['allow_anonymous true']);
    const seen = await onlooker(broker.place);
    await seen.subscribe('#');
    test = await probe({ url: `mqtt://${broker.place}` }, result => told.push(result));
    left = await leftovers(broker.place, seen);
    await seen.close();
  });
  afterAll(() => broker.stop());

  it('is fit; its queue of 1,000 is told', () => {
    expect(test.verdict.fitness).toBe('fit');
    expect(remarksOf(test)).toContain('queue-short');
    expect(test.ms).toBeLessThan(60_000);
  });

  it('tells every result as soon as it is there', () => {
    expect(told).toEqual(test.results);
  });

  it.each(['5', '3.1.1'] as const)('does all that MQTT %s has', version => {
    expect(found(test, 'connection', version).connackMs).toBeGreaterThan(0);
    for (const qos of ['qos0', 'qos1', 'qos2'] as const) {
      const { sent, received, duplicates, p50Ms = 0, p99Ms = 0 } = found(test, qos, version);
      expect([received, duplicates]).toEqual([sent, 0]);
      expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
    }
    expect(found(test, 'retain', version)).toEqual({ kept: true, removed: true });
    expect(found(test, 'wildcards', version)).toEqual({ plus: true, hash: true });
    expect(found(test, 'shared', version)).toMatchObject({ sent: 60, received: 60, members: [20, 20, 20] });
    expect(found(test, 'payload', version)).toEqual({ worked: 1 << 20 });
    expect(found(test, 'topicLength', version)).toEqual({ worked: 65_535 });
    expect(found(test, 'clientIdLength', version)).toEqual({ worked: 65_535 });
    expect(found(test, 'characters', version)).toEqual({ clientId: '', topic: '' });
    expect(found(test, 'session', version)).toEqual({ resumed: true, delivered: true });
    expect(found(test, 'queue', version)).toEqual({ sent: 2_000, kept: 1_000 });
    expect(found(test, 'takeOver', version).ended).toBe(true);
    expect(found(test, 'will', version).delivered).toBe(true);
    expect(found(test, 'sys', version).version).toContain('mosquitto');
    expect(resultOf(test, 'denial', version)).toMatchObject({
      outcome: 'untested',
      why: 'no-second-account',
    });
  });

  it('and what MQTT 5 alone has', () => {
    expect(found(test, 'announced')).toMatchObject({ maximumQos: 2, retain: true, topicAliasMaximum: 10 });
    expect(found(test, 'expiry')).toEqual({ expired: true, others: true });
    expect(found(test, 'subscriptionIds')).toEqual({ works: true });
    expect(resultOf(test, 'expiry', '3.1.1')).toBeUndefined();
  });

  it('keeps to Receive Maximum as far as its version does', () => {
    const version = found(test, 'sys').version?.match(/2\.0\.(\d+)/)?.[1] ?? '99';
    const { asked, live, queued } = found(test, 'receiveMaximum');
    const kept = Math.max(live, queued) <= asked;
    expect(kept).toBe(Number(version) >= 13);
    expect(remarksOf(test).includes('receive-maximum-ignored')).toBe(!kept);
  });

  it('has nothing of the test left, and nothing was sent beside its own topics', () => {
    expect([...left.runs]).toEqual([expect.stringMatching(/^xms\/test\/[0-9a-f]{10}$/)]);
    expect(left.left).toEqual([]);
  });
});

describe.skipIf(!mosquittoProgram)('Mosquitto with narrow limits', () => {
  const largestPacket = 20_000;
  let test: BrokerTest;

  beforeAll(async () => {
    broker = await runMosquitto([
      'allow_anonymous true',
      'max_qos 1',
      'max_queued_messages 30',
      'max_inflight_messages 20',
      'retain_available false',
      `max_packet_size ${largestPacket}`,
      'max_topic_alias 0',
      'max_keepalive 60',
      'sys_interval 0',
    ]);
    test = await probe({ url: `mqtt://${broker.place}` });
  });
  afterAll(() => broker.stop());

  it('is not fit: its queue is none', () => {
    expect(test.verdict.fitness).toBe('unfit');
    expect(remarksOf(test)).toContain('no-queue');
    expect(found(test, 'queue').kept).toBeLessThanOrEqual(50);
  });

  it('announces them', () => {
    expect(found(test, 'announced')).toMatchObject({
      maximumQos: 1,
      retain: false,
      maximumPacketSize: largestPacket,
      topicAliasMaximum: 0,
      serverKeepAliveS: 60,
    });
    expect(found(test, 'retain').kept).toBe(false);
    expect(found(test, 'qos2').sent).toBe(0);
  });

  it('the largest payload is the last that worked', () => {
    // PUBLISH: three bytes of type and length, the topic with its length, the packet identifier, and the payload.
    const { worked, failed } = found(test, 'payload', '3.1.1');
    const topic = 'xms/test/0123456789/payload'.length;
    expect([worked, failed]).toEqual([worked, worked + 1]);
    expect(largestPacket - worked).toBeGreaterThanOrEqual(topic);
    expect(largestPacket - worked).toBeLessThanOrEqual(topic + 10);
    expect(found(test, 'payload', '5').failed).toBeUndefined();
  });
});

describe.skipIf(!mosquittoProgram)('Mosquitto that acknowledges what it throws away', () => {
  beforeAll(async () => {
    broker = await runMosquitto(['allow_anonymous true', 'message_size_limit 5000']);
  });
  afterAll(() => broker.stop());

  it.each(['5', '3.1.1'] as const)('is not believed (MQTT %s)', async version => {
    const test = await probe({ url: `mqtt://${broker.place}`, versions: [version] });
    expect(found(test, 'payload', version)).toEqual({ worked: 5_000, failed: 5_001 });
    expect(remarksOf(test)).toContain('payload-small');
  });

  it('payloads are tried up to the bound that is given', async () => {
    const test = await probe({ url: `mqtt://${broker.place}`, versions: ['5'], maxPayload: 3_000 });
    expect(found(test, 'payload')).toEqual({ worked: 3_000 });
  });
});

describe.skipIf(!mosquittoProgram)('Mosquitto with accounts and an ACL file', () => {
  const accounts = { tester: 'a', station: 'b', outsider: 'c' };
  beforeAll(async () => {
    broker = await runMosquitto(['allow_anonymous false', 'password_file @passwords', 'acl_file @rights'], {
      passwords: Object.entries(accounts)
        .map(([userName, password]) => `${userName}:${hashed(password)}\n`)
        .join(''),
      rights: 'user tester\ntopic readwrite xms/test/#\nuser station\ntopic write xms/u/1024\n',
    });
  });
  afterAll(() => broker.stop());
  const options = (userName: keyof typeof accounts) => ({ userName, password: accounts[userName] });

  it('refuses a publish of the second account', async () => {
    const test = await probe({
      url: `mqtt://${broker.place}`,
      ...options('tester'),
      otherAccount: options('station'),
    });
    expect(found(test, 'denial', '5')).toEqual({ refused: true, told: true });
    // MQTT 3.1.1 gets its PUBACK all the same.
    expect(found(test, 'denial', '3.1.1')).toEqual({ refused: true, told: false });
    expect(remarksOf(test)).not.toContain('not-denied');
  });

  it('does not refuse one of the same account', async () => {
    const test = await probe({
      url: `mqtt://${broker.place}`,
      ...options('tester'),
      otherAccount: options('tester'),
      versions: ['5'],
    });
    expect(found(test, 'denial')).toEqual({ refused: false, told: false });
    expect(remarksOf(test)).toContain('not-denied');
  });

  it('an account without the topics of the test learns what it lacks', async () => {
    const test = await probe({ url: `mqtt://${broker.place}`, ...options('station'), versions: ['5'] });
    expect(test.verdict.fitness).toBe('unfit');
    expect(remarksOf(test)).toEqual(['topics-denied']);
    expect(resultOf(test, 'qos1')).toMatchObject({ outcome: 'untested', why: 'no-access' });
    expect(found(test, 'takeOver').ended).toBe(true);
  });

  it('a wrong password is told, and nothing else is tried', async () => {
    const test = await probe({ url: `mqtt://${broker.place}`, userName: 'tester', password: 'wrong' });
    expect(test.results.map(({ capability, outcome }) => [capability, outcome])).toEqual([
      ['connection', 'failed'],
      ['connection', 'failed'],
    ]);
    expect(remarksOf(test)).toEqual(['unreachable']);
  });
});

describe.skipIf(!mosquittoProgram)('Mosquitto with TLS', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'xms-probe-tls-'));
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore', cwd: folder });
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-days',
      '90',
      '-subj',
      '/CN=Test CA',
      '-keyout',
      'ca.key',
      '-out',
      'ca.crt',
    );
    openssl(
      'req',
      ...newKey,
      '-subj',
      '/CN=broker',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      'key',
      '-out',
      'csr',
    );
    openssl(
      'x509',
      '-req',
      '-in',
      'csr',
      '-copy_extensions',
      'copy',
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-days',
      '20',
      '-out',
      'crt',
    );
    broker = await runMosquitto(['allow_anonymous true', `keyfile ${at('key')}`, `certfile ${at('crt')}`]);
    url = `mqtts://${broker.place}`;
  });
  afterAll(async () => {
    await broker.stop();
    rmSync(folder, { recursive: true });
  });

  it('shows its chain, and when it ends', async () => {
    const ca = readFileSync(at('ca.crt'), 'utf8');
    const test = await probe({ url, ca, versions: ['5'] });
    expect(found(test, 'tls')).toMatchObject({
      trusted: true,
      version: 'TLSv1.3',
      resumed: true,
      daysLeft: 19,
    });
    expect(found(test, 'tls').chain.map(({ subject }) => subject)).toEqual(['CN=broker', 'CN=Test CA']);
    expect(found(test, 'connection').tlsMs).toBeGreaterThan(0);
    expect(test.verdict.fitness).toBe('fit');
    expect(remarksOf(test)).toContain('certificate-ends');
  });

  it('is told nothing where it cannot be trusted', async () => {
    const test = await probe({ url, userName: 'tester', password: 'secret' });
    expect(found(test, 'tls')).toMatchObject({ trusted: false, problem: expect.stringContaining('VERIFY') });
    expect(test.results).toHaveLength(1);
    expect(remarksOf(test)).toEqual(['certificate-untrusted']);
  });

  it('is tested all the same where that is asked for', async () => {
    const test = await probe({ url, insecure: true, versions: ['3.1.1'] });
    expect(found(test, 'tls').trusted).toBe(false);
    expect(found(test, 'session', '3.1.1').resumed).toBe(true);
    expect(remarksOf(test)).toContain('certificate-unchecked');
  });
});

describe.skipIf(!mosquittoProgram)('a test that ends early', () => {
  beforeAll(async () => {
    broker = await runMosquitto(['allow_anonymous true']);
  });
  afterAll(() => broker.stop());

  it('ends at once, and leaves nothing at the broker', async () => {
    const seen = await onlooker(broker.place);
    await seen.subscribe('xms/test/#');
    const ending = new AbortController();
    const test = probe(
      { url: `mqtt://${broker.place}` },
      // The step that follows keeps a session and fills its queue.
      ({ capability }) => capability === 'shared' && void abortOnQueue(),
      ending.signal,
    );
    const abortOnQueue = async () => {
      await seen.find(5_000, ({ topic }) => topic.endsWith('/queue'));
      abortedAt = performance.now();
      ending.abort();
    };
    let abortedAt = Number.NaN;
    const { results, verdict } = await test;
    expect(performance.now() - abortedAt).toBeLessThan(1_500);
    expect(verdict.fitness).toBe('unknown');
    expect(results.find(({ capability }) => capability === 'queue')).toMatchObject({ why: 'interrupted' });
    const { runs, left } = await leftovers(broker.place, seen);
    expect([runs.size, ...left]).toEqual([1]);
    await seen.close();
  });

  it('keeps to its time, and says what it has not seen', async () => {
    const { ms, results, verdict } = await probe({ url: `mqtt://${broker.place}`, limitMs: 1_500 });
    expect(ms).toBeLessThan(3_500);
    expect(verdict.fitness).toBe('unknown');
    expect(results.some(result => result.outcome === 'untested' && result.why === 'time')).toBe(true);
  });
});

/** The form of Mosquitto's password files. */
function hashed(password: string): string {
  const salt = randomBytes(12);
  const hash = pbkdf2Sync(password, salt, 101, 64, 'sha512');
  return `$7$101$${salt.toString('base64')}$${hash.toString('base64')}`;
}
