/** The built engine, as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DataFolder } from '../../src/config.ts';
import { Events } from '../events.ts';

const program = join(dirname(dirname(import.meta.dirname)), 'bin', 'xmserver.js');

export interface RunningEngine {
  readonly pid: number;
  /** What it says that nobody has waited for yet. */
  readonly log: Events<string>;
  /** Resolves with its exit code when it has ended; null: killed. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Resolves when it runs; rejects, with what it said, where it does not. */
export async function startEngine(folder: DataFolder, name: string | undefined): Promise<RunningEngine> {
  const args = ['engine', '--data', folder.path, '--lang', 'en'];
  if (name !== undefined) args.push('--engine', name);
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const log = new Events<string>();
  createInterface({ input: child.stdout }).on('line', log.push);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const end = ended.then(([code]) => {
    throw new Error(`engine ended with ${code}: ${log.waiting.join('\n')}`);
  });
  await Promise.race([log.until(line => line.includes(' running')), end]);
  end.catch(() => undefined); // from now on, ending is what tests make it do
  return {
    pid: child.pid as number,
    log,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}
