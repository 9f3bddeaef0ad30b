/** Frames as they were looked at and found good: UPDATE_GOLDEN=1 writes them anew. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Language } from '../../src/core/language.ts';
import type { Stage } from './stage.tsx';

const isUpdate = process.env.UPDATE_GOLDEN === '1';
const sizes = [
  [80, 24],
  [120, 40],
] as const;

/** The screen as it stands, and then in a window that is made larger: `<name>.<language>.<columns>x<rows>.txt`. */
export async function expectFrames(
  stage: Stage,
  folder: string,
  name: string,
  language: Language,
): Promise<void> {
  for (const [columns, rows] of sizes) {
    const file = join(folder, `${name}.${language}.${columns}x${rows}.txt`);
    stage.window.resize(columns, rows);
    // What a larger window has room for may have to be fetched first.
    await stage.rest(isUpdate || !existsSync(file) ? undefined : golden(file));
    expect(stage.frame.split('\n')).toHaveLength(rows);
    expectGolden(file, stage.frame);
  }
}

function expectGolden(file: string, frame: string): void {
  if (isUpdate) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${frame}\n`);
  }
  expect(existsSync(file), `${basename(file)} is missing: UPDATE_GOLDEN=1`).toBe(true);
  expect(frame).toBe(golden(file));
}

function golden(file: string): string {
  return readFileSync(file, 'utf8').replace(/\n$/, '');
}
