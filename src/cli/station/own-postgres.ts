/** The PostgreSQL that a station brings along: a cluster of its own below station/, apart from that of a server in trial. */
import { type DataFolder, StationFolder } from '../../config.ts';
import {
  findEmbeddedPostgres,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from '../../db/embedded-postgres.ts';

/** Beside the port of a PostgreSQL of the machine, and of a server in trial use. */
const usualPort = 54_330;

/** Started where it does not run: host, port, user and password. Throws `postgres-missing`, `postgres-start`. */
export async function ownPostgres(data: DataFolder, report?: (step: 'init' | 'start') => void) {
  const { database } = new StationFolder(data.at('station')).settings;
  const { server } = await startEmbeddedPostgres({
    ...placeOf(data),
    logFile: data.at('log', 'station-postgres.log'),
    preferredPort: database?.embedded ? database.port : usualPort,
    ...(report ? { report } : {}),
  });
  return server;
}

/** False: it did not run. */
export async function stopOwnPostgres(data: DataFolder): Promise<boolean> {
  const running = await findEmbeddedPostgres(placeOf(data));
  if (running) await stopEmbeddedPostgres(running);
  return running !== undefined;
}

function placeOf(data: DataFolder): { readonly folder: string; readonly passwordFile: string } {
  const folder = new StationFolder(data.at('station'));
  return { folder: folder.at('postgres'), passwordFile: folder.at('secrets', 'postgres-password') };
}
