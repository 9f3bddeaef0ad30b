/** Media that are plugged in. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where systems put them, one below the other or below the name of who is logged in. */
const usualRoots = ['/media', '/run/media', '/Volumes', '/mnt'];
const firstDrive = 'D'.charCodeAt(0);
const driveCount = 23;

/** Their folders. A medium that does not answer is left out with those beside it. */
export async function mountedMedia(roots: readonly string[] = usualRoots): Promise<string[]> {
  if (process.platform === 'win32') {
    const drives = Array.from({ length: driveCount }, (_, n) => `${String.fromCharCode(firstDrive + n)}:\\`);
    const found = await Promise.all(drives.map(async drive => (await deviceOf(drive)) !== undefined));
    return drives.filter((_, at) => found[at]);
  }
  return (await Promise.all(roots.map(root => mountedIn(root, 2)))).flat();
}

/** What is mounted is on another device than the folder it is in. */
async function mountedIn(folder: string, depth: number): Promise<string[]> {
  const own = await deviceOf(folder);
  const names = await readdir(folder).catch((): string[] => []);
  const found = await Promise.all(
    names
      .toSorted((a, b) => a.localeCompare(b))
      .map(async name => {
        const path = join(folder, name);
        const device = await deviceOf(path);
        if (device === undefined) return [];
        if (device !== own) return [path];
        return depth > 1 ? mountedIn(path, depth - 1) : [];
      }),
  );
  return found.flat();
}

/** Undefined: no folder, or none that can be looked at. */
async function deviceOf(path: string): Promise<number | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isDirectory() ? stats.dev : undefined;
}
