/** A frame as it was written down; UPDATE_GOLDEN=1 writes it anew. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

const folder = join(import.meta.dirname, 'golden');

export function golden(name: string, frame: string): void {
  const file = join(folder, name);
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, `${frame}\n`);
  }
  expect(existsSync(file), `${name} is missing: UPDATE_GOLDEN=1`).toBe(true);
  expect(`${frame}\n`).toBe(readFileSync(file, 'utf8'));
}
