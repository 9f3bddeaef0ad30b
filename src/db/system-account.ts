/** The account that PostgreSQL runs under when we are root, and what it can reach. */
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export interface SystemAccount {
  readonly uid: number;
  readonly gid: number;
}

/** Undefined where we are no root, and PostgreSQL runs as ourselves. */
export function postgresAccount(): SystemAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const entry = accounts.find(fields => fields[0] === name);
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new Error('neither postgres nor nobody is an account of this system');
}

/** The owner of a folder: PostgreSQL starts under no other. */
export function ownerOf(folder: string): SystemAccount {
  const { uid, gid } = statSync(folder);
  return { uid, gid };
}

/** Whether the account may enter this folder and every one above it. */
export function canEnter(account: SystemAccount, folder: string): boolean {
  for (let at = realpathSync(folder); ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
    if (((mode >> shift) & 0o1) === 0) return false;
    if (dirname(at) === at) return true;
  }
}
