/** What a password of an operator must be. How it is kept: core/password.ts. */
import { XmError } from '../errors.ts';
import { hashPassword } from '../password.ts';

const leastLength = 8;
const mostLength = 200;

/**
 * Checks and hashes. Length is what counts (NIST SP 800-63B §3.1.1.2); beyond it only what anybody would try first is
 * refused. Throws `password-short`, `password-long`, `password-obvious`.
 */
export function newPasswordHash(password: string, userName: string): Promise<string> {
  const normal = password.normalize('NFC');
  const length = Array.from(normal).length;
  if (length < leastLength) throw new XmError('password-short', { least: leastLength });
  if (length > mostLength) throw new XmError('password-long', { limit: mostLength });
  const lower = normal.toLowerCase();
  const isObvious =
    new Set(lower).size < 4 || lower.includes(userName.toLowerCase()) || /zerokey|xmserver/.test(lower);
  if (isObvious) throw new XmError('password-obvious');
  return hashPassword(normal);
}
