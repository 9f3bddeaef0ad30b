/** Files put in their place under a name that nothing has: never over another. */
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { numbered } from '../core/t2d.ts';

/**
 * Moves the file `from` into the folder, under `name` or, where that is taken, with a number; with a `note` that becomes
 * the file `name.txt` beside it. Returns the name that it got; rejects with the system's error, and has changed nothing.
 */
export async function place(from: string, folder: string, name: string, note?: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const free = numbered(name, attempt);
    const claims = [{ file: join(folder, free), content: '' }];
    if (note !== undefined) claims.push({ file: join(folder, `${free}.txt`), content: note });
    if (!(await claimAll(claims))) continue;
    try {
      // Over the empty file that holds the name for it: hard links, which USB keys lack, would be the other way.
      await rename(from, join(folder, free));
      return free;
    } catch (error) {
      await release(claims);
      throw error;
    }
  }
}

interface Claim {
  readonly file: string;
  readonly content: string;
}

/** False: one of them is taken, and none was made. */
async function claimAll(claims: readonly Claim[]): Promise<boolean> {
  for (const [i, one] of claims.entries()) {
    try {
      if (await claim(one)) continue;
    } catch (error) {
      await release(claims.slice(0, i));
      throw error;
    }
    await release(claims.slice(0, i));
    return false;
  }
  return true;
}

async function claim({ file, content }: Claim): Promise<boolean> {
  const handle = await open(file, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined;
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

async function release(claims: readonly Claim[]): Promise<void> {
  for (const { file } of claims) await rm(file, { force: true });
}
