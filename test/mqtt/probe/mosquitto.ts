/** A Mosquitto with any configuration, and files that it names. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../../site/free-port.ts';
import { mosquittoProgram } from '../brokers.ts';

export interface RunningMosquitto {
  /** `host:port` */
  readonly place: string;
  stop(): Promise<void>;
}

/** `configuration`: lines after the listener; `@name` stands for the path of the file of that name. */
export async function runMosquitto(
  configuration: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<RunningMosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'xms-probe-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const port = await freePort();
  const lines = [
    `listener ${port} 127.0.0.1`,
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    ...configuration.map(line => line.replace('@', `${folder}/`)),
    'log_dest stderr',
    'log_type information',
    'log_type error',
  ];
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn(mosquittoProgram ?? 'mosquitto', ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
    rmSync(folder, { recursive: true });
  };
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    if (!line.endsWith(' running')) continue;
    child.stderr.resume();
    return { place: `127.0.0.1:${port}`, stop };
  }
  await stop();
  throw new Error(`mosquitto does not start: ${said.join('\n')}`);
}
