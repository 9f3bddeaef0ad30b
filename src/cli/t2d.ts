/** `xmserver t2d`: messages that come and go as files. */
import type { DataFolder } from '../config.ts';
import { faultText, XmError } from '../core/errors.ts';
import type { Language } from '../core/language.ts';
import { t2dTexts } from '../text/t2d.ts';
import { exitCodes, positive } from './command-line.ts';
import { commandLineOperator } from './command-line-operator.ts';
import { type OpenInstallation, openInstallation } from './installation.ts';
import { untilEnded } from './signals.ts';
import { eventLine, exitCodeOf, progressLine } from './t2d/import-run.ts';
import { runExport, runImport } from './t2d/server-run.ts';

export interface T2dFlags {
  readonly json: boolean;
  readonly client?: number | undefined;
}

type Command = (
  installation: OpenInstallation,
  args: readonly string[],
  flags: T2dFlags,
  language: Language,
) => Promise<number>;

const commands: Readonly<Record<string, Command>> = { import: importFiles, export: exportFiles };

/** `args` are the words after `t2d`. Returns the exit code. */
export async function runT2d(
  folder: DataFolder,
  args: readonly string[],
  flags: T2dFlags,
  language: Language,
): Promise<number> {
  const texts = t2dTexts[language];
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw usage(name === '' ? texts.commandNeeded : texts.unknown(name));
  if (rest.length === 0) throw usage(name === 'import' ? texts.pathNeeded : texts.folderNeeded);
  const installation = await openInstallation(folder, { applicationName: 'xmserver t2d', embedded: false });
  try {
    return await command(installation, rest, flags, language);
  } finally {
    await installation.close();
  }
}

async function importFiles(
  installation: OpenInstallation,
  paths: readonly string[],
  { json }: T2dFlags,
  language: Language,
): Promise<number> {
  const ending = new AbortController();
  void untilEnded().then(() => ending.abort());
  const tally = await runImport(installation, {
    paths,
    userName: commandLineOperator().userName,
    onEvent(event) {
      const line = json ? undefined : eventLine(event, language);
      if (line !== undefined) console.log(line);
    },
    onTrouble: error => void (error !== undefined && console.error(faultText(error))),
    ending: ending.signal,
  });
  const { done, refused, left } = tally.counts;
  if (json) console.log(JSON.stringify({ done, refused: tally.refused, left: tally.left }));
  else console.log(t2dTexts[language].imported(done, refused, left));
  return exitCodeOf(tally);
}

async function exportFiles(
  installation: OpenInstallation,
  args: readonly string[],
  { json, client }: T2dFlags,
  language: Language,
): Promise<number> {
  const [folder = '', extra] = args;
  if (extra !== undefined) throw usage(t2dTexts[language].folderNeeded);
  const files = await runExport(installation, {
    folder,
    ...(client === undefined ? {} : { client: positive('--client', client, language, 2 ** 31 - 1) }),
    userName: commandLineOperator().userName,
    onFile(name, isNew, progress) {
      if (json) return;
      if (isNew) console.log(name);
      const line = progressLine(progress, language);
      if (line !== undefined) console.log(line);
    },
    log: line => console.error(line),
  });
  console.log(json ? JSON.stringify(files) : t2dTexts[language].exported(files.written, files.present));
  return exitCodes.ok;
}

function usage(detail: string): XmError {
  return new XmError('usage', { detail });
}
