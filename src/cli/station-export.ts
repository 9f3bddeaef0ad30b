/** `xmstation export`: rows with Status 2 go to the server; progress line by line, or one JSON object in the end. */
import type { DataFolder } from '../config.ts';
import { sentence, XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { hex, type OutcomeCode } from '../core/message.ts';
import { pause } from '../core/pause.ts';
import { openLink } from '../mqtt/link.ts';
import { createOpener } from '../sdc/opener.ts';
import { createSealer } from '../sdc/sealer.ts';
import { type ExportEvent, Exporter } from '../station/exporter.ts';
import { stationLink } from '../station/link-options.ts';
import { type ProgramTexts, programTexts } from '../text/program.ts';
import { notify } from './background.ts';
import { exitCodes } from './command-line.ts';
import { type OpenStation, openStation } from './open-station.ts';
import { claimRunFile, markReady, removeRunFile, runningPid } from './run-file.ts';
import { untilEnded } from './signals.ts';

export interface ExportCall {
  readonly tables: readonly string[];
  /** Goes on for ever, a round a minute. */
  readonly watch: boolean;
  /** Sends again what the server has refused. */
  readonly refused: boolean;
  readonly json: boolean;
  readonly paceMs?: number;
}

/** Like the server's cycle (guide §5.2). */
const roundMs = 60_000;
/** How long a single export waits for its receipts: over a satellite link, several rounds of sending again. */
const patienceMs = 300_000;

export async function runExport(folder: DataFolder, call: ExportCall, language: Language): Promise<number> {
  const open = openStation(folder);
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
  /** By message: the last word counts, for an operator may have had a refused one filed meanwhile. */
  const outcomes = new Map<string, OutcomeCode>();
  const exporter = createExporter(open, ending.signal, event => {
    if (event.kind === 'receipt') outcomes.set(hex(event.receipt.about), event.receipt.outcome);
    if (call.json) return;
    for (const line of eventLines(event, programTexts[language], language)) console.log(line);
  });
  const options = {
    tables: call.tables,
    refused: call.refused,
    ...(call.paceMs === undefined ? {} : { paceMs: call.paceMs }),
  };
  try {
    if (call.watch) {
      markReady(folder, 'station');
      notify({ kind: 'ready' });
    }
    if (call.watch) await exportForEver(() => exporter.export(options), ending.signal, language);
    else await exporter.export(options);
    if (call.watch) return exitCodes.ok;
    const waiting = await exporter.settle(Date.now() + patienceMs);
    const count = (outcome: OutcomeCode) => [...outcomes.values()].filter(one => one === outcome).length;
    const tally = { filed: count('filed'), refused: count('refused') };
    if (call.json) console.log(JSON.stringify({ ...tally, waiting }));
    else console.log(programTexts[language].station.summary(tally.filed, tally.refused, waiting));
    return waiting > 0 ? exitCodes.waiting : tally.refused > 0 ? exitCodes.refused : exitCodes.ok;
  } finally {
    await exporter.close();
  }
}

/** A round a minute. A database that is away is waited out: the rows stay where they are. */
async function exportForEver(
  round: () => Promise<void>,
  ending: AbortSignal,
  language: Language,
): Promise<void> {
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

function createExporter(
  { settings, broker, identities, signer, servers, store, brokerPassword }: OpenStation,
  ending: AbortSignal,
  onEvent: (event: ExportEvent) => void,
): Exporter {
  const [server, ...formerServers] = servers;
  return new Exporter(
    {
      clock: Date,
      matricule: settings.matricule,
      server,
      formerServers,
      store,
      sealer: createSealer({ signer }),
      opener: createOpener({ recipients: identities }),
      connect: handlers =>
        openLink(
          stationLink({
            url: settings.broker.url,
            userName: settings.broker.userName,
            matricule: settings.matricule,
            password: brokerPassword,
            ...broker,
          }),
          handlers,
        ),
      onEvent,
    },
    ending,
  );
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
        `${event.kept.table} ${event.kept.numero}  ${station.sent}  ${event.kept.sdc.length} ${texts.bytes}`,
      ];
    case 'receipt': {
      const { about, outcome, numero, reason } = event.receipt;
      if (outcome === 'filed') return [`${hex(about)}  ${station.filed} ${numero}`];
      const why = reason ? sentence(reason.code, reason.params, language) : station.refusedSilently;
      return [`${hex(about)}  ${station.refused}  ${why}`];
    }
    case 'ignored':
      return [`${station.ignored}: ${event.why}`];
  }
}
