/** `xmstation export`: rows with Status 2 go to the server; progress line by line, or one JSON object in the end. */
import type { DataFolder } from '../../config.ts';
import { sentence, XmError } from '../../core/errors.ts';
import type { Language } from '../../core/language.ts';
import { hex, type Outcome } from '../../core/message.ts';
import { pause } from '../../core/pause.ts';
import type { KeptSdc } from '../../core/station-ports.ts';
import { type ExportEvent, Exporter, type ExportOptions } from '../../station/exporter.ts';
import { type ProgramTexts, programTexts } from '../../text/program.ts';
import { stationTexts } from '../../text/station.ts';
import { notify } from '../background.ts';
import { exitCodes, positive } from '../command-line.ts';
import { keepLogShort } from '../log-file.ts';
import { type OpenStation, openStation } from '../open-station.ts';
import { claimRunFile, markReady, removeRunFile, runningPid } from '../run-file.ts';
import { untilEnded } from '../signals.ts';
import { correspondenceOf } from '../station-link.ts';
import { type StationSession, waitMs } from './session.ts';

interface ExportCall {
  readonly tables: readonly string[];
  /** Goes on for ever, a round a minute. */
  readonly watch: boolean;
  /** Sends again what the server has refused. */
  readonly refused: boolean;
  readonly json: boolean;
  readonly paceMs?: number;
  /** Records of one SDC; by default as the station is set. */
  readonly batch?: number;
  /** How long a single export waits for the broker, each time, and then for its receipts. */
  readonly patienceMs: number;
}

/** Like the server's cycle (guide §5.2). */
const roundMs = 60_000;
export function exportCommand(session: StationSession, tables: readonly string[]): Promise<number> {
  const { watch, refused, json, pace, batch } = session.flags;
  const { language } = session;
  const call = {
    tables,
    watch,
    refused,
    json,
    patienceMs: waitMs(session),
    ...(pace === undefined ? {} : { paceMs: positive('--pace', pace, language) }),
    ...(batch === undefined ? {} : { batch: positive('--batch', batch, language, 250) }),
  };
  return runExport(session.folder, call, language);
}

async function runExport(folder: DataFolder, call: ExportCall, language: Language): Promise<number> {
  const open = await openStation(folder);
  // One at a time: two with the station's name would take the broker's session from each other, for ever.
  if (!claimRunFile(folder, 'station')) {
    await open.close();
    throw new XmError('station-running', { pid: runningPid(folder, 'station') ?? 0 });
  }
  try {
    return await exportRounds(folder, open, call, language);
  } finally {
    await open.close();
    removeRunFile(folder, 'station');
  }
}

async function exportRounds(
  folder: DataFolder,
  open: OpenStation,
  call: ExportCall,
  language: Language,
): Promise<number> {
  const ending = new AbortController();
  void untilEnded().then(() => ending.abort());
  /** By record: the last word counts, for an operator may have had a refused one filed meanwhile. */
  const outcomes = new Map<string, 'filed' | 'refused'>();
  /** Of this round: records with a receipt, of those that were to be sent at its beginning. */
  const progress = { settled: new Set<string>(), due: 0 };
  const onEvent = (event: ExportEvent) => {
    if (event.kind === 'settled') {
      for (const { table, numero, outcome } of event.records) {
        outcomes.set(`${table} ${numero}`, outcome);
        progress.settled.add(`${table} ${numero}`);
      }
    }
    if (call.json) return;
    for (const line of eventLines(event, programTexts[language], language)) console.log(line);
    if (event.kind === 'settled' && event.records.length > 0) {
      const { settled, due } = progress;
      console.log(programTexts[language].station.progress(settled.size, Math.max(settled.size, due)));
    }
  };
  const onDue = (records: number) => {
    // A round that finds what the one before has left has nothing to tell.
    const isNews = records > 0 && records !== progress.due - progress.settled.size;
    progress.settled.clear();
    progress.due = records;
    if (isNews && !call.json) console.log(programTexts[language].station.due(records));
  };
  const parts = correspondenceOf(open, onEvent, call.watch ? undefined : call.patienceMs);
  const batch = call.batch ?? open.settings.batch ?? 1;
  const exporter = new Exporter({ ...parts, sealer: open.sealer, batch, onDue }, ending.signal);
  const options = {
    tables: call.tables,
    refused: call.refused,
    ...(call.paceMs === undefined ? {} : { paceMs: call.paceMs }),
  };
  try {
    if (call.watch) {
      markReady(folder, 'station');
      keepLogShort(folder.at('log', 'station.log'));
      notify({ kind: 'ready' });
      await Promise.all([
        forEver(() => exporter.export(options), ending.signal, language),
        forEver(() => exporter.answerQuestions(), ending.signal, language),
      ]);
      return exitCodes.ok;
    }
    const { waiting, cutOff } = await exportOnce(exporter, options, call.patienceMs, language);
    const count = (outcome: 'filed' | 'refused') =>
      [...outcomes.values()].filter(one => one === outcome).length;
    const tally = { filed: count('filed'), refused: count('refused') };
    // What came to be sent meanwhile went along.
    const of = Math.max(progress.due, tally.filed + tally.refused + waiting);
    if (call.json) console.log(JSON.stringify({ ...tally, waiting, of }));
    else console.log(programTexts[language].station.summary(tally.filed, tally.refused, waiting, of));
    return waiting > 0 || cutOff ? exitCodes.waiting : tally.refused > 0 ? exitCodes.refused : exitCodes.ok;
  } finally {
    // Where one of them has failed, the other must end.
    ending.abort();
    await exporter.close();
  }
}

/** Returns the records that still wait, and whether that is for want of a broker: then it says so. */
async function exportOnce(
  exporter: Exporter,
  options: ExportOptions,
  patienceMs: number,
  language: Language,
): Promise<{ readonly waiting: number; readonly cutOff: boolean }> {
  // What other commands have asked goes along; without a broker the export tells.
  exporter.answerQuestions().catch(() => undefined);
  try {
    await exporter.export(options);
    return { waiting: await exporter.settle(Date.now() + patienceMs), cutOff: false };
  } catch (error) {
    if (!(error instanceof XmError && withoutBroker.has(error.code))) throw error;
    console.error(sentence(error.code, error.params, language));
    console.error(stationTexts[language].noBroker(patienceMs / 1_000));
    // What was not collected for want of a link waits as well.
    return { waiting: await exporter.countDue(options), cutOff: true };
  }
}

const withoutBroker: ReadonlySet<string> = new Set([
  'broker-unreachable',
  'broker-refused',
  'broker-authority',
  'broker-untrusted',
  'broker-client-certificate',
  'link-closed',
]);

/** A round a minute. A database that is away is waited out: the rows stay where they are. */
async function forEver(round: () => Promise<void>, ending: AbortSignal, language: Language): Promise<void> {
  while (!ending.aborted) {
    try {
      await round();
    } catch (error) {
      if (!(error instanceof XmError && error.code === 'database-unreachable')) throw error;
      console.error(sentence(error.code, error.params, language));
    }
    await pause(roundMs, ending);
  }
}

function eventLines(event: ExportEvent, texts: ProgramTexts, language: Language): string[] {
  const { station } = texts;
  switch (event.kind) {
    case 'link': {
      const { state, reason } = event.status;
      const why = reason ? `  ${sentence(reason.code, reason.params, language)}` : '';
      return [`${texts.broker}: ${texts.linkStates[state]}${why}`];
    }
    case 'sent':
      return [
        `${recordsOf(event.kept)}  ${event.kept.cancels ? station.cancellationSent : station.sent}  ${event.kept.sdc.length} ${texts.bytes}`,
      ];
    case 'asked':
      return [`${event.asked.service} ${hex(event.asked.messageId)}  ${station.sent}`];
    case 'receipt': {
      const { about, outcomes } = event.receipt;
      return outcomes.map((outcome, index) => {
        const place = outcomes.length > 1 ? `.${index + 1}` : '';
        return `${hex(about)}${place}  ${outcomeText(outcome, texts, language)}`;
      });
    }
    case 'settled':
      return [];
    case 'received': {
      const { service, id } = event.message;
      return [`${service} ${hex(id)}  ${station.received}`];
    }
    case 'ignored':
      return [`${station.ignored}: ${event.why}`];
  }
}

/** `Naissance 12`, or `Naissance 12…61 (50)` where several are in one SDC. */
function recordsOf({ table, numeros }: KeptSdc): string {
  const [first, last] = [numeros[0], numeros.at(-1)];
  return numeros.length === 1 ? `${table} ${first}` : `${table} ${first}…${last} (${numeros.length})`;
}

function outcomeText(outcome: Outcome, { station }: ProgramTexts, language: Language): string {
  switch (outcome.kind) {
    case 'filed':
      return `${station.filed} ${outcome.numero}`;
    case 'done':
      return station.done;
    case 'refused': {
      const { reason } = outcome;
      const why = reason ? sentence(reason.code, reason.params, language) : station.refusedSilently;
      return `${station.refused}  ${why}`;
    }
  }
}
