/** A RabbitMQ of Debian's package, run with the files of deploy/rabbitmq as they are, but for paths and ports. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Site } from './broker-contract.ts';
import { brokerIdentity } from './identity.ts';
import { freePorts, programOf, replaced } from './machine.ts';

const deployed = join(import.meta.dirname, '../../deploy/rabbitmq');
/** Those in the PATH switch to the account of the service, and work in its folders. */
const programs = '/usr/lib/rabbitmq/bin';
const run = promisify(execFile);

/** Why there is none here; undefined: there is. */
export const rabbitmqMissing = whyMissing();

function whyMissing(): string | undefined {
  if (!existsSync(join(programs, 'rabbitmq-server')) || !programOf('epmd')) {
    return 'no RabbitMQ on this machine (Debian: rabbitmq-server)';
  }
  // rabbitmq_server-3.10.8
  const [, major = 0, minor = 0] =
    readdirSync('/usr/lib/rabbitmq/lib')
      .join(' ')
      .match(/-(\d+)\.(\d+)/) ?? [];
  return Number(major) === 3 && Number(minor) < 13
    ? undefined
    : `RabbitMQ ${major}.${minor} speaks MQTT 5: not written for it`;
}

export class RabbitMq implements Site {
  readonly protocol = 4;
  readonly ca: string;
  readonly passwords: Record<string, string> = {};
  readonly #identity = brokerIdentity();
  #port = 0;
  #home: string | undefined;
  #env: NodeJS.ProcessEnv = {};
  /** The broker, and the port mapper that each Erlang node needs. */
  readonly #processes: ChildProcess[] = [];

  constructor() {
    this.ca = this.#identity.authority;
  }

  get url(): string {
    return `mqtts://localhost:${this.#port}`;
  }

  /** With the accounts of a `Site`. */
  async start(): Promise<void> {
    const [port, mapper, distribution] = (await freePorts(3)) as [number, number, number];
    this.#port = port;
    const home = mkdtempSync(join(tmpdir(), 'xms-rabbitmq-'));
    this.#home = home;
    const at = (name: string) => join(home, name);
    mkdirSync(at('etc'));
    writeFileSync(at('etc/authority.crt'), this.ca);
    writeFileSync(at('etc/broker.crt'), this.#identity.certificate);
    writeFileSync(at('etc/broker.key'), this.#identity.key, { mode: 0o600 });
    const configuration = replaced(readFileSync(join(deployed, 'rabbitmq.conf'), 'utf8'), {
      '/etc/rabbitmq/': at('etc/'),
      'default = 8883': `default = ${port}`,
    });
    writeFileSync(at('etc/rabbitmq.conf'), configuration);
    writeFileSync(at('etc/enabled_plugins'), '[rabbitmq_mqtt].\n');
    this.#env = {
      PATH: `${programs}:/usr/bin:/bin`,
      HOME: home,
      LANG: 'C.UTF-8',
      ERL_EPMD_ADDRESS: '127.0.0.1',
      ERL_EPMD_PORT: `${mapper}`,
      RABBITMQ_NODENAME: 'xms@localhost',
      RABBITMQ_DIST_PORT: `${distribution}`,
      RABBITMQ_CONF_ENV_FILE: at('etc/none'),
      RABBITMQ_CONFIG_FILE: at('etc/rabbitmq'),
      RABBITMQ_ENABLED_PLUGINS_FILE: at('etc/enabled_plugins'),
      RABBITMQ_MNESIA_BASE: at('mnesia'),
      RABBITMQ_LOG_BASE: at('log'),
      RABBITMQ_SCHEMA_DIR: at('schema'),
      RABBITMQ_GENERATED_CONFIG_DIR: at('generated'),
      RABBITMQ_PID_FILE: at('pid'),
      // Or the script would stay between us and the broker.
      RUNNING_UNDER_SYSTEMD: '1',
    };
    this.#spawn(programOf('epmd') ?? 'epmd');
    await this.#completed(this.#spawn(join(programs, 'rabbitmq-server')));
    await Promise.all(
      [
        ['server', 'xmserver'],
        ['client', '1024'],
        ['client', '1025'],
      ].map(async ([kind = '', name = '']) => {
        this.passwords[name] = await this.account(kind, name);
      }),
    );
  }

  async stop(): Promise<void> {
    for (const child of this.#processes.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    }
    if (this.#home) rmSync(this.#home, { recursive: true });
  }

  /** Runs account.sh; returns what it wrote, without the line's end. */
  async account(...words: string[]): Promise<string> {
    return (await run(join(deployed, 'account.sh'), words, { env: this.#env })).stdout.trimEnd();
  }

  #spawn(program: string): ChildProcess {
    const child = spawn(program, [], { env: this.#env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#processes.push(child);
    return child;
  }

  async #completed(child: ChildProcess): Promise<void> {
    const said: string[] = [];
    if (!child.stdout) return;
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      if (/completed with \d+ plugins/.test(line)) {
        child.stdout.resume();
        return;
      }
    }
    throw new Error(`rabbitmq-server does not start: ${said.join('\n')}`);
  }
}
