/**
 * `xmserver` without a terminal (piped, CI, a service): the same work as the console starts, told in lines. Ends on
 * SIGTERM and SIGINT, and takes along what it has started itself.
 */
import type { DataFolder } from '../config.ts';
import type { StartStep } from '../core/console-ports.ts';
import type { EngineStatus } from '../core/engine-status.ts';
import type { Language } from '../core/language.ts';
import { trialOperator } from '../core/operator.ts';
import { EngineWatch } from '../db/engine-watch.ts';
import { type ProgramTexts, programTexts } from '../text/program.ts';
import { launchEngine, stopEngines } from './engine.ts';
import { openInstallation } from './installation.ts';
import { eventLine, statusLines } from './lines.ts';
import { runningPid } from './run-file.ts';
import { runningServices, stopServices } from './services.ts';
import { untilEnded, untilUnread } from './signals.ts';
import { launchStation, stopStation } from './station-process.ts';

export async function runPlain(folder: DataFolder, language: Language): Promise<number> {
  const texts = programTexts[language];
  const ended = Promise.race([untilEnded(), untilUnread()]);
  const embedded = folder.settings.database === undefined;
  const ownServices = embedded && runningServices(folder) === undefined;
  const installation = await openInstallation(folder, {
    applicationName: 'xmserver plain',
    embedded,
    report: stepPrinter(texts),
  });
  if (embedded) console.log(texts.trialHint(trialOperator.userName, trialOperator.password));
  const watch = new EngineWatch(installation.system, {
    onStatus: statusPrinter(texts, language),
    onConnection: connected =>
      console.log(`${texts.database}: ${texts.linkStates[connected ? 'connected' : 'lost']}`),
  });
  const own: (() => Promise<unknown>)[] = [];
  try {
    await watch.start();
    if (runningPid(folder, 'engine') === undefined) {
      await launchEngine(folder);
      own.push(() => stopEngines(folder));
    }
    if (embedded && runningPid(folder, 'station') === undefined) {
      await launchStation(folder);
      own.push(() => stopStation(folder));
    }
    await ended;
    console.log(texts.stopping);
  } finally {
    for (const stop of own.reverse()) await stop();
    await watch.close();
    await installation.close();
    if (ownServices) await stopServices(folder);
  }
  console.log(texts.stopped);
  return 0;
}

/** One line when a step begins and one when it is done; finer progress is for screens. */
function stepPrinter(texts: ProgramTexts): (step: StartStep) => void {
  const told = new Set<string>();
  return ({ id, state }) => {
    const line = `${texts.steps[id]}: ${texts[state]}`;
    if (told.has(line)) return;
    told.add(line);
    console.log(line);
  };
}

/** The events as they come; the whole status when more than the counters changed. */
function statusPrinter(texts: ProgramTexts, language: Language): (status: EngineStatus | undefined) => void {
  let shown = '';
  return status => {
    const state = JSON.stringify([status?.id, status?.state, status?.broker.state, status?.database.state]);
    if (state !== shown) for (const line of statusLines(status, texts, language)) console.log(line);
    shown = state;
    for (const event of status?.events ?? []) console.log(eventLine(event, texts, language));
  };
}
