/** `xmstation stop`: ends the PostgreSQL that the station has brought; the next command starts it again. */
import { exitCodes, noArguments } from '../command-line.ts';
import { endProcess, runningPid } from '../run-file.ts';
import { stopOwnPostgres } from './own-postgres.ts';
import { print, type StationSession } from './session.ts';

/** `export --watch` finishes what it is at. */
const patienceMs = 15_000;

export async function stop(session: StationSession, args: readonly string[]): Promise<number> {
  const { folder, language, texts } = session;
  noArguments(args, language);
  const exporting = runningPid(folder, 'station') !== undefined;
  await endProcess(folder, 'station', patienceMs);
  const stopped = await stopOwnPostgres(folder);
  print(session, { stopped: exporting || stopped }, [
    exporting || stopped ? texts.stopped : texts.nothingRan,
  ]);
  return exitCodes.ok;
}
