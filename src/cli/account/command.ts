/** The commands of `xmserver account` by their words. */
import { XmError } from '../../core/errors.ts';
import { correct } from '../client/correct.ts';
import { invoice } from '../client/invoice.ts';
import { recharge } from '../client/recharge.ts';
import { statement } from '../client/statement.ts';
import type { AccountSession } from './session.ts';
import { changeTariff, listTariffs } from './tariff.ts';
import { type Verdict, verify } from './verify.ts';

type Command = (session: AccountSession, args: readonly string[]) => Promise<Verdict>;

const commands: Readonly<Record<string, Command>> = {
  recharge,
  correct,
  invoice,
  statement,
  'tariff list': listTariffs,
  'tariff set': changeTariff,
  verify,
};

/** `args` are the words after `account`. Throws `usage` for a command that there is not. */
export async function perform(args: readonly string[], session: AccountSession): Promise<Verdict> {
  const words = args[0] === 'tariff' ? 2 : 1;
  const name = args.slice(0, words).join(' ');
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const { commandMissing, unknown } = session.texts;
    throw new XmError('usage', { detail: name === '' ? commandMissing : unknown(name) });
  }
  return command(session, args.slice(words));
}
