/** The log of a background process: it stays short, and nothing that was written is lost. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const source = pathToFileURL(join(import.meta.dirname, '../../src/cli/log-file.ts')).href;
const longest = 2_000;
let folder: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xms-log-'));
  log = join(folder, 'engine.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process whose output is `output`, as background.ts starts one; it writes `lines` lines, and looks after each. */
async function write(lines: number, output = log): Promise<void> {
  const file = openSync(output, 'a');
  const program = `import { rotateLog } from ${JSON.stringify(source)};
    for (let i = 0; i < ${lines}; i++) {
      (i % 2 ? console.error : console.log)('line ' + String(i).padStart(6, '0'));
      rotateLog(${JSON.stringify(log)}, ${longest});
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  expect(await once(child, 'exit')).toEqual([0, null]);
}

it('is put aside when it is too long, three times kept, and every line stands where it belongs', async () => {
  await write(700);
  const files = [`${log}.3`, `${log}.2`, `${log}.1`, log];
  for (const file of files.slice(0, 3)) expect(statSync(file).size).toBeLessThan(longest + 12);
  expect(statSync(log).size).toBeLessThan(longest);
  expect(existsSync(`${log}.4`)).toBe(false);
  const numbers = files.flatMap(file =>
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .filter(line => line !== ''),
  );
  const first = 700 - numbers.length;
  // 12 bytes a line: what is kept reaches back over three full files.
  expect(numbers.length).toBeGreaterThan((3 * longest) / 12);
  expect(numbers).toEqual(numbers.map((_, i) => `line ${String(first + i).padStart(6, '0')}`));
});

it('is left alone where the process writes elsewhere', async () => {
  await write(400, join(folder, 'elsewhere.log'));
  expect(existsSync(log)).toBe(false);
  await write(1);
  await write(400, join(folder, 'elsewhere.log'));
  expect(readFileSync(log, 'utf8')).toBe('line 000000\n');
});
