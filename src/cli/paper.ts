/** Papers that the console writes to be printed: text files of the data folder's papers/. */
import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import type { DataFolder } from '../config.ts';
import { XmError } from '../core/errors.ts';

/** Returns the path. They name people and sums: nobody else reads them. Throws `data-folder`. */
export function keepPaper(folder: DataFolder, name: string, lines: readonly string[]): string {
  const file = folder.at('papers', `${name}.txt`);
  try {
    mkdirSync(folder.at('papers'), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, `${lines.join('\n')}\n`, { mode: 0o600 });
    chmodSync(`${file}.new`, 0o600);
    renameSync(`${file}.new`, file);
    return file;
  } catch (error) {
    throw new XmError(
      'data-folder',
      { folder: folder.path, detail: (error as Error).message },
      { cause: error },
    );
  }
}
