/** `xmstation profile`: who this client is to the centre, and what he may. */
import { table } from '../../text/table.ts';
import { exitCodes, noArguments } from '../command-line.ts';
import { asked, print, type StationSession, tellRefusal, withStation } from './session.ts';

export function profile(session: StationSession, args: readonly string[]): Promise<number> {
  const { flags, language, texts } = session;
  noArguments(args, language);
  const given = Object.entries({ name: flags.name, town: flags.town, telephone: flags.telephone }).filter(
    ([, value]) => value !== undefined,
  );
  const change = given.length > 0 ? { change: Object.fromEntries(given) } : {};
  return withStation(session, async open => {
    const answer = await asked(session, open, { service: 'PROFILE', ...change });
    if ('kind' in answer) return answer.kind === 'refused' ? tellRefusal(session, answer) : exitCodes.failed;
    const [found] = answer.filter(message => message.service === 'PROFILE-ANSWER');
    if (!found) return exitCodes.failed;
    const { matricule, name, town, telephone, status, batch, tables } = found;
    const names = (may: 'write' | 'read') =>
      tables
        .filter(one => one[may])
        .map(one => one.table)
        .join(', ') || '–';
    print(
      session,
      { matricule, name, town, telephone, status, batch, tables },
      table([
        [texts.matricule, `${matricule}`],
        [texts.name, name],
        [texts.town, town],
        [texts.telephone, telephone],
        [texts.status, `${status}`],
        [texts.batchGranted, batch ? texts.yes : texts.no],
        [texts.writes, names('write')],
        [texts.reads, names('read')],
      ]),
    );
    return exitCodes.ok;
  });
}
