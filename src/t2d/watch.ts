/** A folder that is looked into at once when something changes in it, and once in a while. */
import { type FSWatcher, watch } from 'node:fs';
import { pause } from '../core/pause.ts';

/** After the last of several changes: files come in pieces. */
const quietMs = 300;
/** In a folder that never rests, what is whole is not to wait for the rest. */
const mostWaits = 10;

/** One look at a time, the first at once, until the end. A look that rejects ends it. */
export async function watchFolder(
  folder: string,
  periodMs: number,
  look: () => Promise<void>,
  ending: AbortSignal,
): Promise<void> {
  let change = Promise.withResolvers<void>();
  let changes = 0;
  const watcher = watcherOf(folder, () => {
    changes++;
    change.resolve();
  });
  try {
    while (!ending.aborted) {
      change = Promise.withResolvers<void>();
      await look();
      await pause(periodMs, ending, change.promise);
      for (let [waits, seen] = [0, -1]; seen !== changes && waits < mostWaits && !ending.aborted; waits++) {
        seen = changes;
        await pause(quietMs, ending);
      }
    }
  } finally {
    watcher?.close();
  }
}

/** Undefined where the system has none to give (network drives, a limit reached): then time alone tells. */
function watcherOf(folder: string, onChange: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
