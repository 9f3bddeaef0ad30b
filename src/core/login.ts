/** Opening a session ("Ouvrir session", guide §3.1). */
import { XmError } from './errors.ts';
import type { Operator } from './operator.ts';
import { hashPassword, verifyPassword } from './password.ts';

/** Returns who it is. Throws `login-failed`, the same for an unknown name as for a wrong password; `operator-suspended`. */
export async function logIn(
  find: (userName: string) => Promise<(Operator & { readonly passwordHash: string }) | undefined>,
  userName: string,
  password: string,
): Promise<Operator> {
  const found = await find(userName.trim());
  if (!found) {
    // As long as a real check takes, so that the time does not tell which names exist.
    await hashPassword(password);
    throw new XmError('login-failed');
  }
  const { passwordHash, ...operator } = found;
  if (!(await verifyPassword(password, passwordHash))) throw new XmError('login-failed');
  if (operator.privilege === 0) throw new XmError('operator-suspended');
  return operator;
}
