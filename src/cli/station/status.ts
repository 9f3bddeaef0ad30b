/** `xmstation status`: the forms by status, what waits for the centre, what was refused and why. */
import { sentence } from '../../core/errors.ts';
import type { TableSummary } from '../../core/station-ports.ts';
import { datedMoment } from '../../text/format.ts';
import { programTexts } from '../../text/program.ts';
import { exitCodes, noArguments } from '../command-line.ts';
import { runningPid } from '../run-file.ts';
import { print, type StationSession, withOffice } from './session.ts';

export function status(session: StationSession, args: readonly string[]): Promise<number> {
  const { folder, language, texts } = session;
  noArguments(args, language);
  return withOffice(session, async open => {
    const summary = await open.store.summary();
    const { matricule, batch = 1 } = open.settings;
    const { station } = programTexts[language];
    const exporting = runningPid(folder, 'station');
    print(session, { matricule, batch, exporting: exporting ?? null, ...summary }, [
      ...summary.tables.map(table => tableLine(session, table)),
      `${station.waiting}: ${summary.waiting}`,
      ...summary.questions.map(({ service, count, since }) =>
        texts.questionsWait(service, count, datedMoment(since, language)),
      ),
      texts.messagesReceived(summary.messages),
      texts.batchOf(batch),
      ...(exporting === undefined ? [] : [texts.exporting(exporting)]),
      ...summary.refused.map(({ table, numero, reason }) => {
        const why = reason ? sentence(reason.code, reason.params, language) : station.refusedSilently;
        return `${table} ${numero}  ${station.refused}  ${why}`;
      }),
    ]);
    return exitCodes.ok;
  });
}

function tableLine({ language, texts }: StationSession, { table, byStatus, imported }: TableSummary): string {
  const { statuses } = programTexts[language].station;
  const counts = byStatus.map(
    (count, status) => `${status === 2 ? count - imported : count} ${statuses[status]}`,
  );
  return `${table}: ${[...counts, `${imported} ${texts.importedRecords}`].join(', ')}`;
}
