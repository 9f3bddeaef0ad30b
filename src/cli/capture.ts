/** A copy of what the screen shows: a text file of its own in captures/ of the data folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { DataFolder } from '../config.ts';
import { faultText, XmError } from '../core/errors.ts';
import { clockTime, localDay } from '../text/format.ts';

/** Copies of one second. */
const mostAtOnce = 100;

/** Returns the file's path, `captures/YYYY-MM-DD_HH-MM-SS.txt`. Throws `data-folder`. */
export function keepCapture(folder: DataFolder, text: string, now: number): string {
  const name = `${localDay(now)}_${clockTime(now).replaceAll(':', '-')}`;
  try {
    // Names of people may stand in it.
    mkdirSync(folder.at('captures'), { recursive: true, mode: 0o700 });
    for (let copy = 1; copy <= mostAtOnce; copy++) {
      const file = folder.at('captures', `${name}${copy === 1 ? '' : `-${copy}`}.txt`);
      if (written(file, text)) return file;
    }
    throw new Error(`${name}.txt`);
  } catch (error) {
    throw new XmError('data-folder', { folder: folder.path, detail: faultText(error) }, { cause: error });
  }
}

/** False where there is one of that name. */
function written(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
