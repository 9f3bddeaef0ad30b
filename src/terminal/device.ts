/**
 * The terminal as a place to write to that never blocks the program: Node writes to a terminal synchronously, so a
 * stalled one (a dead link, a full serial line) would stop keys, timers and signals as well.
 */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import type { WriteStream } from 'node:tty';

export interface Device {
  /** True while bytes that were written have not gone out. */
  readonly busy: boolean;
  /** Writes all of it, now or as the terminal takes it. */
  write(text: string): void;
  /** Called whenever the device is no longer busy. */
  onDrain: () => void;
  /** What has not gone out is given up. */
  close(): void;
}

/** Milliseconds between two attempts on a terminal that takes nothing. */
const retryMs = 20;

export function openDevice(stdout: WriteStream & { readonly fd: number }): Device {
  // Windows consoles take text, not bytes, and write it in a thread of their own.
  if (process.platform === 'win32') return new StreamDevice(stdout);
  try {
    // Opened anew, so that O_NONBLOCK is ours alone and not that of every process on this terminal.
    const path = process.platform === 'linux' ? `/proc/self/fd/${stdout.fd}` : '/dev/tty';
    return new TtyDevice(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY));
  } catch {
    // A terminal of another user, after su or sudo.
    return new StreamDevice(stdout);
  }
}

class TtyDevice implements Device {
  readonly #fd: number;
  #waiting = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  onDrain = () => {};

  constructor(fd: number) {
    this.#fd = fd;
  }

  get busy(): boolean {
    return this.#waiting.length > 0;
  }

  write(text: string): void {
    if (this.#closed) return;
    this.#waiting = Buffer.concat([this.#waiting, Buffer.from(text)]);
    if (!this.#timer) this.#send();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#waiting = Buffer.alloc(0);
    closeSync(this.#fd);
  }

  #send(): void {
    this.#timer = undefined;
    try {
      while (this.busy) this.#waiting = this.#waiting.subarray(writeSync(this.#fd, this.#waiting));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
        this.#timer = setTimeout(() => {
          this.#send();
          if (!this.busy) this.onDrain();
        }, retryMs);
        return;
      }
      // The terminal is gone; whoever reads from it learns that too.
      this.#waiting = Buffer.alloc(0);
    }
  }
}

class StreamDevice implements Device {
  readonly #stream: WriteStream;
  #pending = 0;
  onDrain = () => {};

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  get busy(): boolean {
    return this.#pending > 0;
  }

  write(text: string): void {
    this.#pending++;
    this.#stream.write(text, () => {
      this.#pending--;
      if (!this.busy) this.onDrain();
    });
  }

  close(): void {}
}
