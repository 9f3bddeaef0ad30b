/** Frames as they were looked at and found good: UPDATE_GOLDEN=1 writes them anew. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { expect } from 'vitest';

export function expectGolden(file: string, frame: string): void {
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${frame}\n`);
  }
  expect(existsSync(file), `${basename(file)} is missing: UPDATE_GOLDEN=1`).toBe(true);
  expect(`${frame}\n`).toBe(readFileSync(file, 'utf8'));
}
