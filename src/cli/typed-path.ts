/** Paths as operators type them into forms, and what is read and written there. */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { XmError } from '../core/errors.ts';
import { unwritable } from './pki/session.ts';

/** More than the revocation list of any authority. */
const largestFile = 16 * 1024 * 1024;

/** `~` is what a shell makes of it. */
export function typedPath(typed: string): string {
  return resolve(typed.replace(/^~(?=$|[\\/])/, homedir()));
}

/**
 * A pipe or a device would never end, and the console wait for it. Throws `file-missing`, `file-denied`,
 * `file-unreadable`.
 */
export function readTyped(typed: string): Buffer {
  try {
    const path = typedPath(typed);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found?.isFile()) throw new XmError('file-missing', { file: typed });
    if (found.size > largestFile) {
      throw new XmError('file-unreadable', { file: typed, detail: `${found.size} > ${largestFile}` });
    }
    return readFileSync(path);
  } catch (error) {
    if (error instanceof XmError) throw error;
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM')
      throw new XmError('file-denied', { file: typed }, { cause: error });
    if (code === 'ENOTDIR') throw new XmError('file-missing', { file: typed }, { cause: error });
    throw new XmError('file-unreadable', { file: typed, detail: code || message }, { cause: error });
  }
}

/** Asked before anything is made for it: a new file. Throws `file-exists`, `file-unwritable`. */
export function requireWritable(typed: string): void {
  const path = typedPath(typed);
  if (existsSync(path)) throw new XmError('file-exists', { file: typed });
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw unwritable(typed, error);
  }
}
