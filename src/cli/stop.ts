/** `xmserver stop`: ends what runs on this machine from this data folder, in the order in which nothing is missed. */
import type { DataFolder } from '../config.ts';
import type { StopStep } from '../core/console-ports.ts';
import type { Language } from '../core/language.ts';
import { programTexts } from '../text/program.ts';
import { exitCodes } from './command-line.ts';
import { stopEngines } from './engine.ts';
import { runningEngines, runningPid } from './run-file.ts';
import { servicesLeft, stopServices } from './services.ts';
import { stopStation } from './station-process.ts';

export async function runStop(folder: DataFolder, language: Language): Promise<number> {
  const texts = programTexts[language];
  const stopped = await stopAll(folder, ({ id, state }) => {
    if (state === 'done') console.log(`${texts.parts[id]}: ${texts.stopped}`);
  });
  if (!stopped) console.log(texts.nothingToStop);
  return exitCodes.ok;
}

/**
 * The station first, then the engine, which still files what is in hand, then broker and PostgreSQL. Only what runs is
 * reported; false: nothing did.
 */
export async function stopAll(folder: DataFolder, report: (step: StopStep) => void): Promise<boolean> {
  let any = false;
  for (const { parts, isRunning, stop } of order) {
    if (!(await isRunning(folder))) continue;
    any = true;
    for (const id of parts) report({ id, state: 'running' });
    await stop(folder);
    for (const id of parts) report({ id, state: 'done' });
  }
  return any;
}

const order: readonly {
  readonly parts: readonly StopStep['id'][];
  readonly isRunning: (folder: DataFolder) => boolean | Promise<boolean>;
  readonly stop: (folder: DataFolder) => Promise<void>;
}[] = [
  {
    parts: ['station'],
    isRunning: folder => runningPid(folder, 'station') !== undefined,
    stop: stopStation,
  },
  { parts: ['engine'], isRunning: folder => runningEngines(folder).length > 0, stop: stopEngines },
  { parts: ['broker', 'postgres'], isRunning: servicesLeft, stop: stopServices },
];
