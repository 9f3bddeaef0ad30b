/** `xmstation certify`: is the paper genuine that somebody holds in his hands? */

import { paperOf } from '../../station/paper.ts';
import { exitCodes } from '../command-line.ts';
import {
  asked,
  needed,
  print,
  type StationSession,
  tableOf,
  tellRefusal,
  usage,
  withStation,
} from './session.ts';

const verdictCodes = { genuine: exitCodes.ok, differs: 6, unknown: 7, cancelled: 8 } as const;

export function certify(session: StationSession, args: readonly string[]): Promise<number> {
  const { texts } = session;
  const name = needed(session, '--table', session.flags.table);
  const cells = args.map(word => cellOf(session, word));
  return withStation(session, async open => {
    const paper = paperOf(cells, await tableOf(open, name));
    const answer = await asked(session, open, { service: 'CERTIFY', table: name, paper });
    if ('kind' in answer) return answer.kind === 'refused' ? tellRefusal(session, answer) : exitCodes.failed;
    const [certified] = answer.filter(message => message.service === 'CERTIFY-ANSWER');
    if (!certified) return exitCodes.failed;
    const { verdict, differs, numero } = certified;
    const record = numero === undefined ? '' : texts.ofRecord(`${numero}`);
    const which = verdict === 'differs' ? `: ${differs.join(', ')}` : '';
    print(session, { verdict, differs, numero: numero ?? null }, [
      [`${texts.verdicts[verdict]}${which}`, record].filter(Boolean).join('  '),
    ]);
    return verdictCodes[verdict];
  });
}

/** `NumeroActe=12/2026`. Throws `usage`. */
function cellOf({ texts }: StationSession, word: string): readonly [column: string, text: string] {
  const at = word.indexOf('=');
  if (at < 1) throw usage(texts.cellNeeded(word));
  return [word.slice(0, at), word.slice(at + 1)];
}
