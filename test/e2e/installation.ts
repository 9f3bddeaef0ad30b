/** A data folder of its own for one test, and the built programs run on it, with an environment that holds nothing else. */
import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const root = dirname(dirname(import.meta.dirname));

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

  script(program: 'xmserver' | 'xmstation'): string {
    return join(root, 'bin', `${program}.js`);
  }

  /** Runs a program to its end. */
  run(program: 'xmserver' | 'xmstation', ...args: string[]): Promise<Run> {
    return new Promise(resolve => {
      execFile(
        process.execPath,
        [this.script(program), ...args, '--data', this.data],
        { env: this.env, cwd: this.home, timeout: 120_000 },
        (error: ExecFileException | null, stdout, stderr) =>
          resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
      );
    });
  }

  /** Ends every process of the installation, and removes its folder. */
  async remove(): Promise<void> {
    const stopped = await this.run('xmserver', 'stop');
    if (stopped.code !== 0) throw new Error(`xmserver stop: ${stopped.stdout}${stopped.stderr}`);
    rmSync(this.home, { recursive: true, force: true });
  }
}
