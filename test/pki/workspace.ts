/** A temporary folder for one test file, and the `openssl` program as the oracle that works in it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = 'openssl';

export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'xms-pki-'));

  at(name: string): string {
    return join(this.folder, name);
  }

  /** Writes a file; returns its path. */
  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.at(name), content);
    return this.at(name);
  }

  read(name: string): Buffer {
    return readFileSync(this.at(name));
  }

  /** Runs openssl, words apart at blanks; throws with what it said where it fails. */
  openssl(command: string, input?: string | Uint8Array): string {
    const { status, output, message } = this.tryOpenssl(command, input);
    if (status !== 0) throw new Error(`openssl ${command}: ${message}`);
    return output;
  }

  tryOpenssl(
    command: string,
    input?: string | Uint8Array,
  ): { status: number; output: string; message: string } {
    const run = spawnSync(program, command.trim().split(/ +/), {
      cwd: this.folder,
      ...(input === undefined ? {} : { input }),
    });
    if (run.error) throw run.error;
    return { status: run.status ?? -1, output: run.stdout.toString(), message: run.stderr.toString() };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
