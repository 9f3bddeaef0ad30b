/** The built engine, as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { engineProcess } from '../../src/cli/engine.ts';
import type { DataFolder } from '../../src/config.ts';
import { environmentWith } from '../../src/environment.ts';
import { Events } from '../events.ts';

const built = join(dirname(dirname(import.meta.dirname)), 'bin', 'xmserver.js');

export interface RunningEngine {
  readonly pid: number;
  /** What it says that nobody has waited for yet. */
  readonly log: Events<string>;
  /** Resolves when it has ended. */
  kill(): Promise<void>;
  /** Asks it to end; rejects where it does not do so by itself. */
  stop(): Promise<void>;
}

/** Of an engine whose database or broker is away, too. */
const stopMs = 30_000;

/** `program`: by default the built one. Resolves when it runs; rejects, with what it said, where it does not. */
export async function startEngine(
  folder: DataFolder,
  name: string | undefined,
  program = built,
): Promise<RunningEngine> {
  const args = ['engine', '--data', folder.path, '--lang', 'en'];
  if (name !== undefined) args.push('--engine', name);
  const child = spawn(process.execPath, [...engineProcess.nodeOptions, program, ...args], {
    env: environmentWith(engineProcess.environment),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const log = new Events<string>();
  createInterface({ input: child.stdout }).on('line', log.push);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let runs = false;
  const early = ended.then(([code]) => {
    if (!runs) throw new Error(`engine ended with ${code}: ${log.waiting.join('\n')}`);
  });
  await Promise.race([log.until(line => line.includes(' running')), early]);
  runs = true;
  return {
    pid: child.pid as number,
    log,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      if (child.signalCode === 'SIGKILL') return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      const [code] = await ended;
      clearTimeout(timer);
      if (code !== 0) throw new Error(`engine ended with ${code}: ${log.waiting.join('\n')}`);
    },
  };
}
