/**
 * The terminal as long as the console has it: raw keys in, the output for Ink, and the screen as it was before on
 * every way out: end, signal, uncaught error, Ctrl-Z.
 */
import type { ReadStream, WriteStream } from 'node:tty';
import { pause } from '../core/pause.ts';
import { type Device, openDevice } from './device.ts';
import type { Key } from './key.ts';
import { KeyParser } from './key-parser.ts';
import { Output } from './output.ts';

export interface TerminalOptions {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream & { readonly fd: number };
  readonly noColour: boolean;
  readonly onKey: (key: Key) => void;
  /** Somebody wants the program to end; SIGHUP also when the terminal is gone. */
  readonly onSignal: (signal: NodeJS.Signals) => void;
}

const signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGINT'];

/** A process group that nobody can continue (a login shell's own) is not stopped by SIGTSTP: go on after this. */
const notStoppedMs = 500;
/** A terminal that takes nothing for so long is left as it is. */
const longestDrainMs = 2_000;

export class Terminal {
  readonly output: Output;
  readonly #options: TerminalOptions;
  readonly #device: Device;
  readonly #keys: KeyParser;
  #suspended: NodeJS.Timeout | undefined;
  #open = false;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#device = openDevice(options.stdout);
    this.#keys = new KeyParser(options.onKey);
    this.output = new Output(this.#device, {
      ...sizeOf(options.stdout),
      coloured: !options.noColour,
    });
  }

  /** Takes the terminal and shows `frame`, lines without control characters. */
  open(frame: readonly string[]): void {
    const { stdin, stdout, onSignal } = this.#options;
    this.#open = true;
    stdin.setRawMode(true);
    stdin.on('data', this.#read).on('end', this.#gone).on('error', this.#gone);
    stdout.on('resize', this.#resized);
    for (const signal of signals) process.on(signal, onSignal);
    process.on('SIGCONT', this.#continued);
    process.on('uncaughtExceptionMonitor', this.#restore);
    process.on('exit', this.#restore);
    this.output.write(`\x1b[?1049h${frame.join('\n')}`);
    this.output.flush();
  }

  /** Gives the terminal back once it has taken what was written, and lets the process end. */
  async close(): Promise<void> {
    if (!this.#open) return;
    const { stdin, stdout, onSignal } = this.#options;
    this.#restore();
    clearTimeout(this.#suspended);
    this.#keys.close();
    stdin.off('data', this.#read).off('end', this.#gone).off('error', this.#gone).pause();
    stdout.off('resize', this.#resized);
    for (const signal of signals) process.off(signal, onSignal);
    process.off('SIGCONT', this.#continued);
    process.off('uncaughtExceptionMonitor', this.#restore);
    await this.#drained();
    process.off('exit', this.#restore);
    this.#device.close();
    this.#open = false;
  }

  /** What the terminal itself does on Ctrl-Z where the keys are not raw: the whole process group stops. */
  suspend(): void {
    if (process.platform === 'win32' || this.#suspended) return;
    this.output.suspend();
    this.#options.stdin.setRawMode(false);
    this.#suspended = setTimeout(this.#continued, notStoppedMs);
    process.kill(0, 'SIGTSTP');
  }

  async #drained(): Promise<void> {
    if (!this.#device.busy) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#device.onDrain = resolve;
    await pause(longestDrainMs, new AbortController().signal, promise);
    // At the exit something (cli-cursor, below Ink) writes to standard error. Node does so synchronously: on a dead
    // terminal the process would never end.
    if (this.#device.busy && process.stderr.isTTY) process.stderr.cork();
  }

  readonly #continued = () => {
    clearTimeout(this.#suspended);
    this.#suspended = undefined;
    // Off first: libuv takes no notice of a mode that it set before, whatever the shell has made of it.
    this.#options.stdin.setRawMode(false);
    this.#options.stdin.setRawMode(true);
    this.output.resume();
  };

  readonly #read = (bytes: Uint8Array) => this.#keys.push(bytes);
  readonly #gone = () => this.#options.onSignal('SIGHUP');
  readonly #resized = () => {
    const { columns, rows } = sizeOf(this.#options.stdout);
    this.output.resize(columns, rows);
  };

  readonly #restore = () => {
    if (!this.#open) return;
    this.output.close();
    try {
      this.#options.stdin.setRawMode(false);
    } catch {
      // The terminal is gone, and with it what was to be restored.
    }
  };
}

/** A serial line knows no size, and says 0. */
function sizeOf({ columns, rows }: WriteStream): { readonly columns: number; readonly rows: number } {
  return { columns: columns || 80, rows: rows || 24 };
}
