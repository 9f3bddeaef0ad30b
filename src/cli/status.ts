/** `xmserver status`: what runs. Looks only: it starts nothing and upgrades nothing. */
import type { DataFolder } from '../config.ts';
import { XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { Database } from '../db/database.ts';
import { liveEngines, silentEngines } from '../db/system/engine.ts';
import { programTexts } from '../text/program.ts';
import { exitCodes } from './command-line.ts';
import { databaseNames, databaseServer } from './installation.ts';
import { moment, statusLines } from './lines.ts';

export async function runStatus(folder: DataFolder, json: boolean, language: Language): Promise<number> {
  const texts = programTexts[language];
  const embedded = folder.settings.database === undefined;
  let server: ReturnType<typeof databaseServer>;
  try {
    server = databaseServer(folder);
  } catch (error) {
    if (!(error instanceof XmError && error.code === 'services-not-running')) throw error;
    console.log(
      json ? JSON.stringify({ embedded, services: 'stopped', engines: [] }) : texts.servicesStopped,
    );
    return exitCodes.notRunning;
  }
  const system = new Database({ ...server, database: databaseNames.system }, 'xmserver status', 1);
  try {
    const [engines, silent] = [await liveEngines(system), await silentEngines(system)];
    if (json) console.log(JSON.stringify({ embedded, services: 'running', engines, silent }));
    else if (engines.length === 0) console.log(texts.noEngine);
    else for (const engine of engines) console.log(statusLines(engine, texts, language).join('\n'));
    if (!json) for (const { id, seenAt } of silent) console.log(texts.silent(id, moment(seenAt, language)));
    return engines.length > 0 ? exitCodes.ok : exitCodes.notRunning;
  } finally {
    await system.close();
  }
}
