/** PASSWORD: a client changes its own, which begins as `zerokey` (guide §4.1). */
import { XmError } from '../../errors.ts';
import { hex, type PasswordMessage } from '../../message.ts';
import { hashPassword, verifyPassword } from '../../password.ts';
import type { Affairs } from '../../service-ports.ts';
import { done, type Reply } from './reply.ts';

const initialPassword = 'zerokey';
const least = 8;

/** Throws `password-locked`, `password-wrong`, `password-short`. */
export async function answerPassword(
  message: PasswordMessage,
  client: number,
  affairs: Pick<Affairs, 'beginPassword' | 'endPassword' | 'setPassword'>,
): Promise<Reply> {
  const { id, old } = message;
  const check = await affairs.beginPassword(client, false);
  if (!check) throw new XmError('client-unknown', { client });
  // Carried out before a crash: the old one is wrong by now.
  const isDone = check.changedBy !== undefined && hex(check.changedBy) === hex(id);
  if (!isDone && !(await isRight(old, check.hash))) throw new XmError('password-wrong');
  await affairs.endPassword(client, false);
  if (isDone) return done(id);
  if (message.new.length < least || message.new === old) throw new XmError('password-short', { least });
  if (!(await affairs.setPassword(client, check.hash, await hashPassword(message.new), id))) {
    throw new XmError('password-wrong');
  }
  return done(id);
}

/** Clients who were made before there were passwords have the initial one. */
export async function isRight(password: string, hash: string | undefined): Promise<boolean> {
  return hash === undefined ? password === initialPassword : verifyPassword(password, hash);
}
