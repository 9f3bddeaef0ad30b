/** A data folder of its own for one test, and the built programs run on it, with an environment that holds nothing else. */
import { type ChildProcess, type ExecFileException, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import type { DatabaseSettings } from '../../src/db/database.ts';
import { until } from '../until.ts';
import { TerminalSession } from './terminal-session.ts';

const root = dirname(dirname(import.meta.dirname));

type Program = 'xmserver' | 'xmstation';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class TestInstallation {
  readonly home = mkdtempSync(join(tmpdir(), 'xms-e2e-'));
  readonly data = join(this.home, 'XMSData');
  readonly env: NodeJS.ProcessEnv = {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: this.home,
    LANG: 'fr_FR.UTF-8',
    TERM: 'xterm-256color',
  };

  readonly #consoles: TerminalSession[] = [];
  readonly #programs: PipedProgram[] = [];

  constructor() {
    // Under root PostgreSQL runs as another account, which must get here; else its cluster would lie elsewhere.
    chmodSync(this.home, 0o755);
  }

  script(program: Program): string {
    return join(root, 'bin', `${program}.js`);
  }

  /** Of Node itself, as the installed command has them. */
  get nodeOptions(): string[] {
    const [, words = ''] =
      /^#!\/usr\/bin\/env -S node(.*)/.exec(readFileSync(this.script('xmserver'), 'utf8')) ?? [];
    return words.split(' ').filter(word => word !== '');
  }

  /** xmserver on a terminal, French at 80×24. */
  console(...args: string[]): TerminalSession {
    const session = new TerminalSession({
      file: process.execPath,
      args: [this.script('xmserver'), ...args, '--data', this.data],
      env: this.env,
      cwd: this.home,
    });
    this.#consoles.push(session);
    return session;
  }

  /** Ends those that a failed test has left. */
  endConsoles(): void {
    for (const session of this.#consoles.splice(0)) if (session.running) session.kill('SIGKILL');
  }

  /** Runs a program to its end. */
  run(program: Program, ...args: string[]): Promise<Run> {
    return this.feed('', program, ...args);
  }

  /** As `run`, with this on its standard input. */
  feed(input: string, program: Program, ...args: string[]): Promise<Run> {
    return new Promise(resolve => {
      const child = execFile(
        process.execPath,
        [this.script(program), ...args, '--data', this.data],
        { env: this.env, cwd: this.home, timeout: 120_000 },
        (error: ExecFileException | null, stdout, stderr) =>
          resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
      );
      child.stdin?.end(input);
    });
  }

  /** Starts a program without a terminal. */
  start(program: Program, ...args: string[]): PipedProgram {
    const started = new PipedProgram(
      spawn(process.execPath, [this.script(program), ...args, '--data', this.data], {
        env: this.env,
        cwd: this.home,
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    this.#programs.push(started);
    return started;
  }

  /** How a database of the installation's embedded PostgreSQL is reached. */
  database(database: 'XMServerSystem' | 'XMServerData' | 'ECRData'): DatabaseSettings {
    const config = JSON.parse(readFileSync(join(this.data, 'config.json'), 'utf8')) as {
      ports: { postgres: number };
    };
    return {
      host: '127.0.0.1',
      port: config.ports.postgres,
      user: 'xmserver',
      password: readFileSync(join(this.data, 'secrets', 'postgres-password'), 'utf8').trim(),
      database,
    };
  }

  /** Runs one statement on one of them. */
  async query<R extends pg.QueryResultRow>(
    database: Parameters<this['database']>[0],
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<R[]> {
    const client = new pg.Client(this.database(database));
    await client.connect();
    try {
      return (await client.query<R>(sql, [...parameters])).rows;
    } finally {
      await client.end();
    }
  }

  async count(database: Parameters<this['query']>[0], sql: string): Promise<number> {
    const [row] = await this.query<{ count: string }>(database, `select count(*) from ${sql}`);
    return Number(row?.count);
  }

  /** The process of a name in run/; throws where there is none. */
  pidOf(name: 'engine' | 'services' | 'station'): number {
    const file = JSON.parse(readFileSync(join(this.data, 'run', `${name}.json`), 'utf8')) as { pid: number };
    return file.pid;
  }

  /** Sends the signal to a process of the installation; resolves when it is gone. It is not our child: no event tells. */
  async end(name: Parameters<this['pidOf']>[0], signal: NodeJS.Signals): Promise<void> {
    const pid = this.pidOf(name);
    process.kill(pid, signal);
    await until(() => !isAlive(pid));
  }

  /** Ends every process of the installation, and removes its folder. */
  async remove(): Promise<void> {
    this.endConsoles();
    // Those that a failed test has left; of the others the process is gone.
    for (const program of this.#programs.splice(0)) program.kill('SIGKILL');
    const stopped = await this.run('xmserver', 'stop');
    if (stopped.code !== 0) throw new Error(`xmserver stop: ${stopped.stdout}${stopped.stderr}`);
    rmSync(this.home, { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A program that runs with its output in pipes. */
export class PipedProgram {
  readonly #child: ChildProcess;
  readonly #exited = Promise.withResolvers<number | null>();
  #changed = Promise.withResolvers<void>();
  #ended = false;
  output = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.#notify();
      });
    }
    child.on('close', code => {
      this.#ended = true;
      this.#exited.resolve(code);
      this.#notify();
    });
  }

  get exited(): Promise<number | null> {
    return this.#exited.promise;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves once the output has `times` places that match; rejects, showing it, when the program ends first. */
  async see(pattern: RegExp, times = 1): Promise<void> {
    const all = new RegExp(pattern, 'g');
    while ((this.output.match(all) ?? []).length < times) {
      if (this.#ended) throw new Error(`never saw ${times} × ${pattern}:\n${this.output}`);
      await this.#changed.promise;
    }
  }

  /** As `until`; rejects, showing the output, when the program ends first. */
  until(condition: () => boolean | Promise<boolean>): Promise<void> {
    return until(() => {
      if (this.#ended) throw new Error(`ended too early:\n${this.output}`);
      return condition();
    });
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
