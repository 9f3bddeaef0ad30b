/** A built program in a real pseudo-terminal, and what its user sees. */
import { createRequire } from 'node:module';
import { type IPty, spawn } from '@lydell/node-pty';
import type * as Headless from '@xterm/headless';

// Its names cannot be imported by Node itself, only by what bundles.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof Headless;

export interface SessionOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly columns?: number;
  readonly rows?: number;
}

export class TerminalSession {
  readonly #pty: IPty;
  readonly #terminal: Headless.Terminal;
  readonly #exited = Promise.withResolvers<number>();
  #exitCode: number | undefined;
  #changed = Promise.withResolvers<void>();
  /** Bytes that the program has written so far. */
  bytes = 0;
  raw = '';

  constructor({ file, args, env, cwd, columns = 80, rows = 24 }: SessionOptions) {
    this.#terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#pty = spawn(file, [...args], { name: env.TERM ?? 'xterm-256color', cols: columns, rows, cwd, env });
    this.#pty.onData(data => {
      this.bytes += Buffer.byteLength(data);
      this.raw += data;
      this.#terminal.write(data, () => this.#notify());
    });
    this.#pty.onExit(({ exitCode }) => {
      // After what it wrote last, which the terminal may not have taken in yet.
      this.#terminal.write('', () => {
        this.#exitCode = exitCode;
        this.#exited.resolve(exitCode);
        this.#notify();
      });
    });
  }

  get running(): boolean {
    return this.#exitCode === undefined;
  }

  get pid(): number {
    return this.#pty.pid;
  }

  get exited(): Promise<number> {
    return this.#exited.promise;
  }

  get cursorHidden(): boolean {
    return this.raw.lastIndexOf('\x1b[?25l') > this.raw.lastIndexOf('\x1b[?25h');
  }

  get onAlternateScreen(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  /** The lines as they stand, without trailing blanks. */
  screen(): string {
    const { active } = this.#terminal.buffer;
    return Array.from({ length: this.#terminal.rows }, (_, i) =>
      active.getLine(active.viewportY + i)?.translateToString(true),
    ).join('\n');
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  kill(signal: NodeJS.Signals): void {
    process.kill(this.#pty.pid, signal);
  }

  /** Resolves with the screen once it shows `pattern`; rejects, showing it, after `ms` or when the program ends. */
  async see(pattern: RegExp, ms = 30_000): Promise<string> {
    const deadline = Date.now() + ms;
    while (!pattern.test(this.screen())) {
      const left = deadline - Date.now();
      if (left <= 0 || this.#exitCode !== undefined) {
        const end =
          this.#exitCode === undefined ? 'in time' : `before the program ended with ${this.#exitCode}`;
        throw new Error(`never saw ${pattern} ${end}:\n${this.screen()}`);
      }
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<void>(resolve => {
        timer = setTimeout(resolve, left);
      });
      await Promise.race([this.#changed.promise, tooLate]);
      clearTimeout(timer);
    }
    return this.screen();
  }

  /** Resolves when the condition holds, looked at whenever something has been written. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (!this.running) throw new Error(`the program ended with ${this.#exitCode}`);
      await this.#changed.promise;
    }
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}
