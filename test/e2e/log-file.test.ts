/** The log of a background process: it stays short, and nothing that was written is lost. */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rotateLog } from '../../src/cli/log-file.ts';

const longest = 2_000;
let folder: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xms-log-'));
  log = join(folder, 'engine.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes so many lines to a file that is opened as background.ts opens a log, and looks after each. */
function write(lines: number, file = log): void {
  const output = openSync(file, 'a');
  for (let i = 0; i < lines; i++) {
    writeSync(output, `line ${String(i).padStart(6, '0')}\n`);
    rotateLog(log, output, longest);
  }
  closeSync(output);
}

it('is put aside when it is too long, three times kept, and every line stands where it belongs', () => {
  write(700);
  const files = [`${log}.3`, `${log}.2`, `${log}.1`, log];
  for (const file of files.slice(0, 3)) expect(statSync(file).size).toBeLessThan(longest + 12);
  expect(statSync(log).size).toBeLessThan(longest);
  expect(existsSync(`${log}.4`)).toBe(false);
  const lines = files.flatMap(file => readFileSync(file, 'utf8').split('\n').slice(0, -1));
  // 12 bytes a line: what is kept reaches back over three full files.
  expect(lines.length).toBeGreaterThan((3 * longest) / 12);
  const first = 700 - lines.length;
  expect(lines).toEqual(lines.map((_, i) => `line ${String(first + i).padStart(6, '0')}`));
});

it('is left alone by a process that writes elsewhere', () => {
  write(400, join(folder, 'elsewhere.log'));
  expect(existsSync(log)).toBe(false);
  write(1);
  write(400, join(folder, 'elsewhere.log'));
  expect(readFileSync(log, 'utf8')).toBe('line 000000\n');
  expect(existsSync(`${log}.1`)).toBe(false);
});
