/** `xmstation account`: what is left, and what has moved. */
import { parsePeriod } from '../../core/money/period.ts';
import { datedMoment, grouped, localDay } from '../../text/format.ts';
import { table } from '../../text/table.ts';
import { exitCodes, noArguments } from '../command-line.ts';
import { asked, print, type StationSession, tellRefusal, usage, withStation } from './session.ts';

const dayMs = 86_400_000;

export function account(session: StationSession, args: readonly string[]): Promise<number> {
  const { language, texts } = session;
  noArguments(args, language);
  const period = periodOf(session);
  return withStation(session, async open => {
    const answer = await asked(session, open, { service: 'ACCOUNT', ...period });
    if ('kind' in answer) return answer.kind === 'refused' ? tellRefusal(session, answer) : exitCodes.failed;
    const [statement] = answer.filter(message => message.service === 'STATEMENT');
    if (!statement) return exitCodes.failed;
    const { balance, movements } = statement;
    // The centre's currency does not travel; amounts are whole numbers of its smallest unit.
    const amount = (value: bigint) => grouped(value, language);
    const rows = movements.map(({ at, kind, service, count, amount: moved }) => [
      datedMoment(at * 1_000, language),
      texts.movements[kind],
      service === undefined ? '' : count > 1 ? `${service} × ${count}` : service,
      amount(moved),
    ]);
    print(session, { balance, movements }, [...table(rows, [3]), `${texts.balance}: ${amount(balance)}`]);
    return exitCodes.ok;
  });
}

/** Whole days of this machine's time zone, seconds since 1970, the end excluded. Throws `usage`, `period-invalid`. */
function periodOf({ flags, texts }: StationSession): { readonly from?: number; readonly to?: number } {
  const { from, until } = flags;
  if (from === undefined) {
    if (until !== undefined) throw usage(texts.needs('--from'));
    return {};
  }
  const { first, last } = parsePeriod(`${from}..${until ?? localDay(Date.now())}`);
  const start = (day: string, plus: number) =>
    Math.floor(new Date(new Date(`${day}T12:00:00`).getTime() + plus).setHours(0, 0, 0, 0) / 1_000);
  return { from: start(first, 0), to: start(last, dayMs) };
}
