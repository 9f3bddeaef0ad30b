/** `xmserver test-broker` as it is called. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerTest } from '../../../src/core/broker-test.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../../../src/mqtt/embedded-broker.ts';
import { addressOf } from '../../../src/mqtt/probe/address.ts';
import { Client } from '../../../src/mqtt/probe/client.ts';

const program = join(import.meta.dirname, '../../../src/cli/xmserver-entry.ts');
const filters = ['xms/test/#'];
const accounts = [
  { userName: 'tester', password: 'a secret', publish: filters, subscribe: filters },
  { userName: 'station', password: 'another', publish: [], subscribe: [] },
];

let broker: EmbeddedBroker;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'xms-command-'));
  broker = await startEmbeddedBroker({ host: '127.0.0.1', preferredPort: 0, accounts });
});
afterAll(async () => {
  await broker.close();
  rmSync(folder, { recursive: true });
});

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [program, 'test-broker', '--data', folder, ...args], { stdio: 'pipe' });
}

async function run(input: string, ...args: string[]) {
  const child = start(...args);
  child.stdin?.end(input);
  return finished(child);
}

async function finished(child: ChildProcess) {
  const [exit, out, errors] = await Promise.all([
    once(child, 'exit'),
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  return { code: Number(exit[0]), out, errors };
}

const asTester = ['--user', 'tester', '--password-stdin', '--mqtt', '3', '--max-payload', '20000'];

describe('xmserver test-broker', () => {
  it('prints a table and the verdict, in the language of the call', async () => {
    const input = 'a secret\nanother\n';
    const more = ['--other-user', 'station'];
    const french = await run(input, broker.url, ...asTester, ...more, '--lang', 'fr');
    expect([french.code, french.errors]).toEqual([0, '']);
    expect(french.out).toMatch(
      /^Test du broker mqtt:\/\/127\.0\.0\.1:\d+\n\nMQTT 3\.1\.1\n {2}connexion +TCP /,
    );
    expect(french.out).toMatch(/taille du contenu +20 000 octets au moins\n/);
    expect(french.out).toMatch(/droits \(ACL\) +refusé\n/);
    expect(french.out).toMatch(
      /Verdict : APTE pour XMServer avec UN SEUL MOTEUR à la fois \(\d+,\d s\)\n- MQTT 5/,
    );
    const english = await run(input, broker.url, ...asTester, ...more, '--lang', 'en');
    expect(english.out).toMatch(/payload size +at least 20,000 bytes\n/);
    expect(english.out).toMatch(
      /Verdict: FIT for XMServer with ONE ENGINE at a time \(\d+\.\d s\)\n- MQTT 5/,
    );
    expect(english.out.split('\n')).toHaveLength(french.out.split('\n').length);
  });

  it('--json prints one object and nothing else', async () => {
    const { code, out, errors } = await run('a secret\n', broker.url, ...asTester, '--json');
    const test = JSON.parse(out) as BrokerTest;
    expect([code, errors, test.verdict.fitness]).toEqual([0, '', 'one-engine']);
    expect(test.results.find(({ capability }) => capability === 'queue')).toMatchObject({
      version: '3.1.1',
      outcome: 'found',
      finding: { sent: 2_000, kept: 2_000 },
    });
    expect(out).not.toContain('a secret');
  });

  it('ends with 1 where the broker does not let it in', async () => {
    const { code, out } = await run('wrong\n', broker.url, ...asTester, '--lang', 'en');
    expect(code).toBe(1);
    expect(out).toContain('FAILED: the broker refuses the connection: CONNACK 0x4');
    expect(out).toContain('NOT FIT');
  });

  it('Ctrl-C ends it at once, with what is known', async () => {
    const address = addressOf(broker.url, undefined, false);
    const account = { userName: 'tester', password: 'a secret' };
    const options = { protocol: 4, clientId: 'onlooker', ...account } as const;
    const onlooker = await Client.connect(address, options, new AbortController().signal);
    await onlooker.subscribe('xms/test/#');
    const child = start(broker.url, ...asTester, '--json');
    child.stdin?.end('a secret\n');
    const end = finished(child);
    await onlooker.find(20_000, ({ topic }) => topic.endsWith('/queue'));
    const askedAt = performance.now();
    child.kill('SIGINT');
    const { code, out } = await end;
    expect(performance.now() - askedAt).toBeLessThan(2_500);
    expect([code, (JSON.parse(out) as BrokerTest).verdict.fitness]).toEqual([1, 'unknown']);
    await onlooker.close();
  });

  it.each([
    [['http://127.0.0.1'], 1, 'neither mqtt:// nor mqtts://'],
    [['mqtt://127.0.0.1:1', 'more'], 2, 'unexpected argument: more'],
    [['mqtt://127.0.0.1:1', '--mqtt', '4'], 2, '--mqtt: 3, 5 or both'],
    [['mqtt://127.0.0.1:1', '--timeout', '0'], 2, '--timeout: a positive whole number'],
    [['mqtts://127.0.0.1:1', '--ca', 'missing.pem'], 1, 'missing.pem unreadable'],
    [[], 1, 'services are not running'],
  ])('%j is refused with a sentence', async (args, code, sentence) => {
    const { errors, ...rest } = await run('', ...args, '--lang', 'en');
    expect([rest.code, rest.out]).toEqual([code, '']);
    expect(errors).toContain(sentence);
  });

  it('a file of --ca that holds no certificate is refused', async () => {
    const file = join(folder, 'no-certificate.pem');
    writeFileSync(file, 'nothing');
    const { code, errors } = await run('', 'mqtts://127.0.0.1:1', '--ca', file, '--lang', 'en');
    expect([code, errors]).toEqual([1, expect.stringContaining('certificate unreadable')]);
  });
});
