/** Real brokers for tests: ours (aedes, MQTT 3.1.1), and Mosquitto (MQTT 5) where this machine has it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  type BrokerAccount,
  type EmbeddedBroker,
  startEmbeddedBroker,
} from '../../src/mqtt/embedded-broker.ts';

export interface TestBroker {
  readonly url: string;
  /** Ends it without a word to anybody; sessions are lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port, after `kill`. */
  revive(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

export const accounts: readonly BrokerAccount[] = [
  { userName: 'server', password: 'centre', publish: ['xms/d/+'], subscribe: ['xms/u/+'] },
  { userName: '1024', password: 'mbalmayo', publish: ['xms/u/1024'], subscribe: ['xms/d/1024'] },
  { userName: '1025', password: 'kribi', publish: ['xms/u/1025'], subscribe: ['xms/d/1025'] },
];

export const mosquittoProgram = ['/usr/sbin', '/usr/local/sbin', ...(process.env.PATH ?? '').split(delimiter)]
  .map(folder => join(folder, 'mosquitto'))
  .find(isExecutable);

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export async function startAedes(): Promise<TestBroker> {
  let broker: EmbeddedBroker = await startEmbeddedBroker({ host: '127.0.0.1', preferredPort: 0, accounts });
  const { url, port } = broker;
  return {
    url,
    kill: () => broker.close(),
    async revive() {
      broker = await startEmbeddedBroker({ host: '127.0.0.1', preferredPort: port, accounts });
    },
    stop: () => broker.close(),
  };
}

/** `settings`: lines for its configuration, after the listener. */
export async function startMosquitto(settings: readonly string[] = []): Promise<TestBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'xms-mosquitto-'));
  const file = (name: string, lines: readonly string[]) => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  const passwords = file(
    'passwords',
    accounts.map(({ userName, password }) => `${userName}:${mosquittoHash(password)}`),
  );
  const rights = file(
    'rights',
    accounts.flatMap(({ userName, publish, subscribe }) => [
      `user ${userName}`,
      ...publish.map(filter => `topic write ${filter}`),
      ...subscribe.map(filter => `topic read ${filter}`),
    ]),
  );
  const port = await freePort();
  const configuration = file('mosquitto.conf', [
    `listener ${port} 127.0.0.1`,
    ...settings,
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    'allow_anonymous false',
    `password_file ${passwords}`,
    `acl_file ${rights}`,
    'persistence false',
    'log_dest stderr',
    'log_type information',
    'log_type error',
  ]);
  let child = await run(configuration);
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    kill,
    async revive() {
      child = await run(configuration);
    },
    async stop() {
      await kill();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Resolves when it listens. */
async function run(configuration: string): Promise<ChildProcess> {
  const child = spawn(mosquittoProgram ?? 'mosquitto', ['-c', configuration], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (line.endsWith(' running')) {
      child.stderr.resume();
      return child;
    }
  }
  throw new Error(`mosquitto does not start: ${said.join('\n')}`);
}

/** The form of its password files: PBKDF2-SHA512. */
function mosquittoHash(password: string): string {
  const salt = randomBytes(12);
  const hash = pbkdf2Sync(password, salt, 101, 64, 'sha512');
  return `$7$101$${salt.toString('base64')}$${hash.toString('base64')}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
