/** A Mosquitto run with the files of deploy/mosquitto as they are, but for paths and ports. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Site } from './broker-contract.ts';
import { type BrokerIdentity, brokerIdentity } from './identity.ts';
import { answers, freePorts, programOf, replaced } from './machine.ts';

const deployed = join(import.meta.dirname, '../../deploy/mosquitto');
const program = programOf('mosquitto');
const run = promisify(execFile);
const administrator = { name: 'admin', password: 'of-the-broker' };

/** Why there is none here; undefined: there is. */
export const mosquittoMissing =
  program && programOf('mosquitto_ctrl') ? undefined : 'no Mosquitto on this machine (Debian: mosquitto)';

export class Mosquitto implements Site {
  readonly protocol = 5;
  readonly ca: string;
  readonly passwords: Record<string, string> = {};
  port = 0;
  /** Of the listener without TLS. */
  plainPort = 0;
  readonly #identity: BrokerIdentity;
  #home: string | undefined;
  #process: ChildProcess | undefined;

  constructor(identity = brokerIdentity()) {
    this.#identity = identity;
    this.ca = identity.authority;
  }

  get url(): string {
    return `mqtts://localhost:${this.port}`;
  }

  /** Where it keeps who may do what. */
  get accountsFile(): string {
    return this.#at('lib/dynamic-security.json');
  }

  /** With the accounts of a `Site`. */
  async start(): Promise<void> {
    [this.port, this.plainPort] = (await freePorts(2)) as [number, number];
    this.#home = mkdtempSync(join(tmpdir(), 'xms-mosquitto-'));
    for (const name of ['etc/certs', 'lib', 'log', 'run', '.config']) {
      mkdirSync(this.#at(name), { recursive: true });
    }
    this.#configure();
    const { name, password } = administrator;
    await run('mosquitto_ctrl', ['dynsec', 'init', this.accountsFile, name, password]);
    // What root starts goes on as this user, here as under systemd.
    if (process.getuid?.() === 0) await run('chown', ['-R', 'mosquitto', this.#home]);
    await this.#run();
    this.passwords.xmserver = await this.account('server', 'xmserver');
    for (const matricule of ['1024', '1025'])
      this.passwords[matricule] = await this.account('client', matricule);
  }

  /** Ends it as systemd does, and starts it on what it has saved. */
  async restart(whileStopped?: () => void): Promise<void> {
    await this.#end();
    whileStopped?.();
    await this.#run();
  }

  /** With another certificate, or with its own again. */
  reload({ certificate, key }: BrokerIdentity = this.#identity): void {
    writeFileSync(this.#at('etc/certs/broker.crt'), certificate);
    writeFileSync(this.#at('etc/certs/broker.key'), key);
    this.#process?.kill('SIGHUP');
  }

  async stop(): Promise<void> {
    await this.#end();
    if (this.#home) rmSync(this.#home, { recursive: true });
  }

  /** Runs account.sh; returns what it wrote, without the line's end. Rejects where it fails. */
  async account(...words: string[]): Promise<string> {
    const env = { PATH: process.env.PATH, HOME: this.#home };
    return (await run(join(deployed, 'account.sh'), words, { env })).stdout.trimEnd();
  }

  #at(name: string): string {
    return join(this.#home ?? '', name);
  }

  #configure(): void {
    const configuration = replaced(readFileSync(join(deployed, 'mosquitto.conf'), 'utf8'), {
      '/etc/mosquitto/certs/': this.#at('etc/certs/'),
      '/var/lib/mosquitto/': this.#at('lib/'),
      '/var/log/mosquitto/': this.#at('log/'),
      '/run/mosquitto/': this.#at('run/'),
      'listener 8883\n': `listener ${this.port}\n`,
      '#listener 1883 127.0.0.1\n#max_qos': `listener ${this.plainPort} 127.0.0.1\nmax_qos`,
    });
    writeFileSync(this.#at('etc/mosquitto.conf'), configuration);
    writeFileSync(this.#at('etc/certs/broker.crt'), this.#identity.certificate);
    writeFileSync(this.#at('etc/certs/broker.key'), this.#identity.key, { mode: 0o600 });
    writeFileSync(this.#at('authority.crt'), this.ca);
    const { name, password } = administrator;
    writeFileSync(
      this.#at('.config/mosquitto_ctrl'),
      `-h localhost\n-p ${this.port}\n--cafile ${this.#at('authority.crt')}\n-u ${name}\n-P ${password}\n`,
      { mode: 0o600 },
    );
  }

  /** Resolves when it listens: what it says goes to its log, and no event tells. */
  async #run(): Promise<void> {
    const child = spawn(program ?? 'mosquitto', ['-c', this.#at('etc/mosquitto.conf')], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#process = child;
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  }

  async #end(): Promise<void> {
    if (!this.#process || this.#process.exitCode !== null) return;
    const exit = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await exit;
  }
}
