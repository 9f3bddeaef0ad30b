/** What keeps a folder from being used, as people call it. */
import { type ErrorCode, faultText, XmError } from '../core/errors.ts';

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'device-missing',
  ENOTDIR: 'device-missing',
  ENODEV: 'device-missing',
  ENOSPC: 'device-full',
  EDQUOT: 'device-full',
  EROFS: 'device-protected',
  EACCES: 'device-denied',
  EPERM: 'device-denied',
};

/** The error of the catalogue for one of the system's; `device-folder` for those that are rare. */
export function folderFault(folder: string, error: unknown): XmError {
  const code = codes[(error as NodeJS.ErrnoException).code ?? ''] ?? 'device-folder';
  return new XmError(code, { folder, detail: faultText(error) }, { cause: error });
}
