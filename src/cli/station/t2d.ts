/** `xmstation t2d`: an office without a network: its records and questions as files, receipts and answers from files. */
import type { Language } from '../../core/language.ts';
import { topics } from '../../core/message.ts';
import type { Reason } from '../../core/ports.ts';
import { RecordStatus } from '../../core/record.ts';
import { ImportTally } from '../../core/t2d-run.ts';
import { fromText, textForm } from '../../sdc/text-form.ts';
import { Exporter } from '../../station/exporter.ts';
import { Inbox, type Taken } from '../../station/inbox.ts';
import { FolderLink } from '../../t2d/folder-link.ts';
import { refusalNote, t2dTexts } from '../../text/t2d.ts';
import { exitCodes, positive } from '../command-line.ts';
import type { OpenStation } from '../open-station.ts';
import { untilEnded } from '../signals.ts';
import { correspondenceOf, openerOf } from '../station-link.ts';
import { eventLine, exitCodeOf, importPaths, progressLine } from '../t2d/import-run.ts';
import { type StationCommand, usage, withStation } from './session.ts';

interface Flags {
  readonly json: boolean;
  /** Sends again what the server has refused. */
  readonly refused: boolean;
  /** Records of one SDC; by default as the station is set. */
  readonly batch?: number;
}

type Command = (
  open: OpenStation,
  args: readonly string[],
  flags: Flags,
  language: Language,
) => Promise<number>;

const commands: Readonly<Record<string, Command>> = { import: importFiles, export: exportFiles };
/** Questions are few: people ask them. */
const questionLimit = 10_000;

export const t2d: StationCommand = (session, args) => {
  const { flags, language } = session;
  const { json, refused } = flags;
  const texts = t2dTexts[language];
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw usage(name === '' ? texts.commandNeeded : texts.unknown(name));
  if (rest.length === 0) throw usage(name === 'import' ? texts.pathNeeded : texts.folderNeeded);
  const batch = flags.batch === undefined ? {} : { batch: positive('--batch', flags.batch, language, 250) };
  return withStation(session, open => command(open, rest, { json, refused, ...batch }, language));
};

/** All that has no receipt and no answer, the same bytes each time; and rows with Status 2, and cancellations, sealed now. */
async function exportFiles(
  open: OpenStation,
  args: readonly string[],
  { json, refused, batch = open.settings.batch ?? 1 }: Flags,
  language: Language,
): Promise<number> {
  const [folder = '', extra] = args;
  if (extra !== undefined) throw usage(t2dTexts[language].folderNeeded);
  const ending = new AbortController();
  void untilEnded().then(() => ending.abort());
  const files = { written: 0, present: 0 };
  const expected = await filesToWrite(open, refused, batch);
  const link = await FolderLink.open({
    folder,
    direction: 'up',
    textForm,
    clock: Date,
    onFile(name, isNew) {
      files[isNew ? 'written' : 'present']++;
      if (json) return;
      if (isNew) console.log(name);
      const of = Math.max(expected, files.written + files.present);
      const line = progressLine({ ...files, of }, language);
      if (line !== undefined) console.log(line);
    },
  });
  const exporter = new Exporter(
    {
      ...correspondenceOf(open, event => {
        // A folder that is lost does not come back by itself, as a broker does.
        if (event.kind === 'link' && event.status.state === 'lost') ending.abort();
      }),
      connect: handlers => link.attached(handlers),
      sealer: open.sealer,
      batch,
      // Whoever carries files wants all of them on the key, whenever they were sent before.
      retryMs: 0,
    },
    ending.signal,
  );
  try {
    await exporter.export({ tables: [], refused });
    if (!ending.signal.aborted) await exportQuestions(open, link);
  } finally {
    await exporter.close();
  }
  if (link.fault) throw link.fault;
  console.log(json ? JSON.stringify(files) : t2dTexts[language].exported(files.written, files.present));
  return exitCodes.ok;
}

/** As far as is known before: an SDC that would be too large becomes several. */
async function filesToWrite({ store }: OpenStation, refused: boolean, batch: number): Promise<number> {
  const asked = await questionsOf(store);
  let files = asked.length + (await store.countWaitingSdcs());
  if (refused) files += (await store.summary()).refused.length;
  for (const table of (await store.tables()).keys()) {
    for (const status of [RecordStatus.imported, RecordStatus.cancelled])
      files += Math.ceil((await store.countDue(table, status)) / batch);
  }
  return files;
}

function questionsOf(store: OpenStation['store']) {
  return store.waitingAsked({ limit: questionLimit, retryMs: 0, now: Date.now() });
}

async function exportQuestions({ store, settings }: OpenStation, link: FolderLink): Promise<void> {
  for (const { messageId, sdc } of await questionsOf(store)) {
    await link.publish(topics.up(settings.matricule), sdc).catch((error: unknown) => {
      throw link.fault ?? error;
    });
    await store.markAskedSent([messageId], Date.now());
  }
}

async function importFiles(
  open: OpenStation,
  paths: readonly string[],
  { json }: Flags,
  language: Language,
): Promise<number> {
  const ending = new AbortController();
  void untilEnded().then(() => ending.abort());
  const { identities, servers, store, settings } = open;
  const inbox = new Inbox(openerOf(identities), servers, store, Date);
  const tally = new ImportTally();
  const records = { filed: 0, refused: 0 };
  await importPaths(
    {
      fromText,
      isOurs: ({ matricule, direction }) => direction === 'down' && matricule === settings.matricule,
      async take(batch) {
        const verdicts: (readonly Reason[])[] = [];
        for (const { sdc } of batch) {
          const taken = await inbox.take(sdc);
          if (taken.kind === 'receipts') for (const { outcome } of taken.settled) records[outcome]++;
          verdicts.push(reasonsOf(taken));
        }
        return verdicts;
      },
      note: (name, reasons) => refusalNote(name, reasons, Date.now()),
      onEvent(event) {
        tally.add(event);
        const line = json ? undefined : eventLine(event, language);
        if (line !== undefined) console.log(line);
      },
    },
    paths,
    ending.signal,
  );
  const { done, refused, left } = tally.counts;
  if (json) {
    console.log(JSON.stringify({ done, refused: tally.refused, left: tally.left, records }));
  } else {
    console.log(t2dTexts[language].imported(done, refused, left));
    console.log(t2dTexts[language].settled(records.filed, records.refused));
  }
  const code = exitCodeOf(tally);
  return code === exitCodes.ok && records.refused > 0 ? exitCodes.refused : code;
}

/** What came before is no less taken for that. */
function reasonsOf(taken: Taken): readonly Reason[] {
  if (taken.kind !== 'ignored' || taken.why === 'repeat') return [];
  return [taken.reason ?? { code: 'device-unexpected', params: { detail: taken.why } }];
}
