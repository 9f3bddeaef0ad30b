/**
 * A folder that files are brought in: which of them are looked at, read once they are whole, and moved when they are
 * dealt with. Nothing is deleted, and nothing overwritten.
 */
import { constants, type Stats } from 'node:fs';
import { access, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { faultText } from '../core/errors.ts';
import { fileLimitOf, isAmbiguous, isCarrier, partSuffix, printable } from '../core/t2d.ts';
import type { Left } from '../core/t2d-run.ts';
import { isCms } from './contents.ts';
import { folderFault } from './folder-fault.ts';
import { makeFolder, place } from './place.ts';

export interface Found {
  readonly name: string;
  readonly stats: Stats;
}

export interface Listing {
  readonly found: readonly Found[];
  readonly left: readonly Left[];
}

export type Reading =
  | { readonly bytes: Uint8Array }
  | { readonly left: Left }
  /** Larger than any file that holds an SDC; not read. */
  | { readonly size: number; readonly limit: number };

/** Files changed in the last so many milliseconds may still be in the making. */
const settleMs = 1_000;
/** Symbolic links are not followed, and a pipe of that name does not make us wait. Windows has neither flag. */
const readFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** `only`: names of this folder; else all that are in it, sub-folders aside. Throws as `folderFault` tells. */
export async function listFolder(folder: string, only?: readonly string[]): Promise<Listing> {
  const names = only ?? (await inFolder(folder, async () => (await readdir(folder)).sort()));
  const [found, left]: [Found[], Left[]] = [[], []];
  for (const name of names) {
    const stats = await lstat(join(folder, name)).catch(() => undefined);
    if (!stats) left.push({ name, why: 'unreadable' });
    else if (stats.isDirectory()) continue;
    else if (!stats.isFile()) left.push({ name, why: 'special' });
    else if (name.endsWith(partSuffix)) left.push({ name, why: 'unfinished' });
    // macOS puts a shadow `._name` beside each file that it copies to a USB key.
    else if (!isCarrier(name) || name.startsWith('.')) left.push({ name, why: 'foreign' });
    else found.push({ name, stats });
  }
  return { found, left };
}

/** Milliseconds to wait until none of these is so new that it may still be growing. */
export function settleTime(found: readonly Found[], now: number): number {
  // A clock that differs from the file system's must not make us wait longer than that.
  const isFresh = found.some(({ stats }) => Math.abs(now - stats.mtimeMs) < settleMs);
  return isFresh ? settleMs : 0;
}

/** Never rejects for one file; throws `device-missing` where the whole folder is gone. */
export async function readFound(folder: string, { name, stats }: Found): Promise<Reading> {
  const limit = fileLimitOf(name);
  if (stats.size > limit) return { size: stats.size, limit };
  try {
    const file = await open(join(folder, name), readFlags);
    try {
      if (!isSame(await file.stat(), stats) || stats.size === 0) return { left: { name, why: 'unfinished' } };
      const bytes = Buffer.alloc(stats.size);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      if (bytesRead < bytes.length || !isSame(await file.stat(), stats)) {
        return { left: { name, why: 'unfinished' } };
      }
      if (isAmbiguous(name) && !isCms(bytes)) return { left: { name, why: 'foreign' } };
      return { bytes };
    } finally {
      await file.close();
    }
  } catch (error) {
    await inFolder(folder, () => access(folder));
    return { left: { name, why: 'unreadable', detail: faultText(error) } };
  }
}

/**
 * Moves a file into a sub-folder, with `note` beside it (`name.txt`) where there is one; undefined: moved, else why not.
 */
export async function moveFile(
  folder: string,
  name: string,
  to: string,
  note?: string,
): Promise<Left | undefined> {
  const target = join(folder, to);
  try {
    await makeFolder(target);
    await place(join(folder, name), target, printable(name), note);
    return undefined;
  } catch (error) {
    return { name, why: 'unmoved', detail: faultText(error) };
  }
}

function isSame(now: Stats, then: Stats): boolean {
  return now.isFile() && now.size === then.size && now.mtimeMs === then.mtimeMs;
}

/** What fails for the folder as a whole. */
async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw folderFault(folder, error);
  }
}
