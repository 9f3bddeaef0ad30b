/**
 * The log of a background process, kept short by the process that writes it. Its standard output is the file itself,
 * which nobody can open anew from within: so what is there is copied aside, and the file emptied. It is opened for
 * appending, and all of this happens in one turn of the process's only writing thread: no line is lost or cut.
 */
import { copyFileSync, existsSync, fstatSync, ftruncateSync, renameSync, statSync } from 'node:fs';
import { faultText } from '../core/errors.ts';

const longestLog = 5 << 20;
/** Beside the one that is written: `engine.log.1` is the newest. */
const keptLogs = 3;
const lookMs = 10_000;

/** From now on, as long as the process lives. Where standard output is another file, or none, nothing happens. */
export function keepLogShort(file: string): void {
  setInterval(() => {
    try {
      rotateLog(file, process.stdout.fd, longestLog);
    } catch (error) {
      // A disk without room, say: the log goes on, and the next look tries again.
      console.error(faultText(error));
    }
  }, lookMs).unref();
}

/**
 * `output` is what the process writes to, opened for appending. False where that is another file, or still shorter than
 * `longest` bytes. Throws what the file system throws.
 */
export function rotateLog(file: string, output: number, longest: number): boolean {
  const [written, named] = [fstatSync(output), statSync(file, { throwIfNoEntry: false })];
  const isOurs = named !== undefined && written.ino === named.ino && written.dev === named.dev;
  if (!isOurs || written.size < longest) return false;
  // First under another name: a copy that ends half-way is no log.
  copyFileSync(file, `${file}.new`);
  for (let age = keptLogs; age > 1; age--) {
    if (existsSync(`${file}.${age - 1}`)) renameSync(`${file}.${age - 1}`, `${file}.${age}`);
  }
  renameSync(`${file}.new`, `${file}.1`);
  ftruncateSync(output, 0);
  return true;
}
