/** `xmstation password`: the client's own, which begins as `zerokey` (guide §4.1). */
import { XmError } from '../../core/errors.ts';
import { exitCodes, noArguments } from '../command-line.ts';
import { asked, print, type StationSession, secrets, tellRefusal, withStation } from './session.ts';

export async function password(session: StationSession, args: readonly string[]): Promise<number> {
  const { flags, language, texts } = session;
  noArguments(args, language);
  const prompts = [texts.oldPassword, texts.newPassword];
  // Whoever types sees nothing: twice. A script knows what it says.
  if (!flags.passwordStdin) prompts.push(texts.passwordAgain);
  const [old = '', fresh = '', again = fresh] = await secrets(session, prompts);
  if (again !== fresh) throw new XmError('passwords-differ');
  return withStation(session, async open => {
    const answer = await asked(session, open, { service: 'PASSWORD', old, new: fresh });
    if ('kind' in answer && answer.kind === 'refused') return tellRefusal(session, answer);
    print(session, { changed: true }, [texts.passwordChanged]);
    return exitCodes.ok;
  });
}
