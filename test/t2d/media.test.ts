/** Media that are plugged in, where systems put them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mountedMedia } from '../../src/cli/t2d/media.ts';
import { noSmallDisk, SmallDisk } from '../site/small-disk.ts';

let home: string;
const disks: SmallDisk[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'xms-media-'));
});
afterEach(() => {
  for (const disk of disks.splice(0)) disk.unmount();
  rmSync(home, { recursive: true, force: true });
});

function mounted(...path: readonly string[]): string {
  const disk = new SmallDisk(join(home, ...path), 1, home);
  disks.push(disk);
  return disk.folder;
}

it.skipIf(noSmallDisk)('are those on another device, also below the name of who is logged in', async () => {
  for (const folder of ['empty', 'mbome', 'mbome/folder']) mkdirSync(join(home, folder));
  writeFileSync(join(home, 'file'), '');
  const [first, second] = [mounted('key'), mounted('mbome', 'KEY 1024')];
  mkdirSync(join(first, 'sub-folder'));
  expect(await mountedMedia([join(home, 'nowhere'), home])).toEqual([first, second]);
  disks.pop()?.unmount();
  expect(await mountedMedia([home])).toEqual([first]);
});

it('are none where there are none', async () => {
  expect(await mountedMedia([home])).toEqual([]);
});
