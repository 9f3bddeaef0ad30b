/** The built programs, run on a site's data folder and an office's, and what they said. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(import.meta.dirname, '..', '..');

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  /** Of `--json`. */
  readonly json: <T>() => T;
}

export async function run(
  program: 'xmserver' | 'xmstation',
  data: string,
  ...args: readonly string[]
): Promise<Said> {
  const script = join(root, 'bin', `${program}.js`);
  const words = args.includes('--lang') ? args : [...args, '--lang', 'en'];
  const child = spawn(process.execPath, [script, ...words, '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('exit', resolve),
  );
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err, json: <T>() => JSON.parse(out) as T };
}
