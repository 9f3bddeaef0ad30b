/** Files put in their place under a name that nothing has: never over another. */
import { link, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { numbered } from '../core/t2d.ts';

/** Makes a folder where there is none, in one that is there: of a key that is not plugged in no shadow is to be made. */
export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
}

/**
 * Moves the file `from` into the folder, under `name` or, where that is taken, with a number; with a `note` that becomes
 * the file `name.txt` beside it. Returns the name that it got; rejects with the system's error, and has changed nothing.
 */
export async function place(from: string, folder: string, name: string, note?: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const free = numbered(name, attempt);
    const noteFile = join(folder, `${free}.txt`);
    if (note !== undefined && !(await written(noteFile, note))) continue;
    try {
      if (await moved(from, join(folder, free))) return free;
    } catch (error) {
      if (note !== undefined) await rm(noteFile, { force: true });
      throw error;
    }
    if (note !== undefined) await rm(noteFile, { force: true });
  }
}

/**
 * False: the name is taken. A hard link refuses a taken name by itself; a crash after it leaves the file under both
 * names. USB keys' file systems have none: there the name is looked at, and the file renamed at once.
 */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (await exists(to)) return false;
    await rename(from, to);
    return true;
  }
  await rm(from);
  return true;
}

/** False: there is a file of that name. */
async function written(file: string, content: string): Promise<boolean> {
  const handle = await open(file, 'wx').catch((error: unknown) => {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  });
  if (!handle) return false;
  try {
    await handle.writeFile(content);
    await handle.sync();
    return true;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
