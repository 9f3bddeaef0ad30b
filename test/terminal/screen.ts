/** A real terminal emulator as the device: what a user sees of what the output writes, and what it cost. */
import { Terminal } from '@xterm/headless';
import type { Device } from '../../src/terminal/device.ts';

export class Screen implements Device {
  readonly terminal: Terminal;
  /** The terminal takes nothing while this is set. */
  stalled = false;
  written = '';
  #closed = false;
  onDrain = () => {};

  constructor(columns: number, rows: number) {
    this.terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  }

  get busy(): boolean {
    return this.stalled;
  }

  write(text: string): void {
    if (this.#closed) return;
    this.written += text;
    this.terminal.write(text);
  }

  close(): void {
    this.#closed = true;
  }

  /** Bytes written since this was asked last. */
  cost(): number {
    const bytes = Buffer.byteLength(this.written);
    this.written = '';
    return bytes;
  }

  /** The rows as they stand once everything has been understood, without trailing blanks. */
  async rows(): Promise<string[]> {
    await this.settled();
    const { active } = this.terminal.buffer;
    return Array.from(
      { length: this.terminal.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    );
  }

  settled(): Promise<void> {
    return new Promise(resolve => this.terminal.write('', resolve));
  }
}
