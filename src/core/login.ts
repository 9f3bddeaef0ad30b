/** Opening a session ("Ouvrir session", guide §3.1). */
import { XmError } from './errors.ts';
import type { Operator } from './operator.ts';
import { hashPassword, verifyPassword } from './password.ts';

export interface LoginRecords {
  find(userName: string): Promise<(Operator & { readonly passwordHash: string }) | undefined>;
  /**
   * Counts one more attempt under this name, whoever it is, as failed; returns how many there were in the last
   * `windowS` seconds, this one included, at most `most` + 1, which is one too many and moves no clock.
   */
  countAttempt(
    userName: string,
    most: number,
    windowS: number,
  ): Promise<{ readonly count: number; readonly secondsLeft: number }>;
  forgetFailures(userName: string): Promise<void>;
  writeJournal(act: 'login-lock', detail: Readonly<Record<string, unknown>>): Promise<void>;
}

const mostFailures = 5;
const lockS = 15 * 60;

/**
 * Returns who it is. Throws `login-failed`, the same for an unknown name as for a wrong password; `operator-locked` for
 * fifteen minutes after five failures, right password or not, known name or not; `operator-suspended`.
 */
export async function logIn(records: LoginRecords, given: string, password: string): Promise<Operator> {
  const userName = given.trim();
  // Counted before the password is checked, so that many guesses at once are no more than one after the other.
  const { count, secondsLeft } = await records.countAttempt(userName, mostFailures, lockS);
  if (count > mostFailures) throw new XmError('operator-locked', { minutes: Math.ceil(secondsLeft / 60) });
  const found = await records.find(userName);
  const isRight = await check(password, found?.passwordHash);
  if (!found || !isRight) {
    // A name that is none may be a password, typed into the wrong field.
    if (found && count === mostFailures)
      await records.writeJournal('login-lock', { operator: found.userName });
    throw new XmError('login-failed');
  }
  await records.forgetFailures(userName);
  if (found.privilege === 0) throw new XmError('operator-suspended');
  const { id, name, privilege } = found;
  return { id, userName: found.userName, name, privilege };
}

async function check(password: string, hash: string | undefined): Promise<boolean> {
  if (hash !== undefined) return verifyPassword(password, hash);
  // As long as a real check takes, so that the time does not tell which names exist.
  await hashPassword(password);
  return false;
}
