/** What both programs do with `t2d import DIR|FILE …`: each folder in turn, told line by line, and counted; and what they tell of an export. */
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { sentence } from '../../core/errors.ts';
import type { Language } from '../../core/language.ts';
import { printable } from '../../core/t2d.ts';
import type { Exporting, ImportEvent, ImportTally } from '../../core/t2d-run.ts';
import { folderFault } from '../../t2d/folder-fault.ts';
import { type ImportParts, importFolder } from '../../t2d/import.ts';
import { leftText, t2dTexts } from '../../text/t2d.ts';
import { exitCodes } from '../command-line.ts';

/** Folders as they are; files together with those of the same folder. Throws as `folderFault` tells. */
export async function importPaths(
  parts: ImportParts,
  paths: readonly string[],
  ending: AbortSignal,
): Promise<void> {
  const files = new Map<string, string[]>();
  for (const path of paths.map(one => resolve(one))) {
    if (await isFolder(path)) {
      await importFolder(parts, path, { ending });
    } else {
      const folder = dirname(path);
      files.set(folder, [...(files.get(folder) ?? []), basename(path)]);
    }
  }
  for (const [folder, only] of files) await importFolder(parts, folder, { only: [...new Set(only)], ending });
}

/** Undefined: not worth a line. */
export function eventLine(event: ImportEvent, language: Language): string | undefined {
  const texts = t2dTexts[language];
  switch (event.kind) {
    case 'done':
      return undefined;
    case 'refused': {
      const reasons = event.reasons.map(({ code, params }) => sentence(code, params, language));
      return `${printable(event.name)}  ${texts.refused}  ${reasons.join(' · ')}`;
    }
    case 'left':
      return `${printable(event.left.name)}  ${leftText(event.left, language)}`;
    case 'progress':
      return event.files > 0 && event.files < event.of ? texts.progress(event.files, event.of) : undefined;
  }
}

/** Files of an export between two lines that tell how far it is. */
const progressStep = 200;

/** Undefined: not worth a line. */
export function progressLine({ written, present, of }: Exporting, language: Language): string | undefined {
  const files = written + present;
  return files % progressStep === 0 && files < of ? t2dTexts[language].progress(files, of) : undefined;
}

export function exitCodeOf(tally: ImportTally): number {
  if (tally.hasFailed) return exitCodes.failed;
  return tally.refused.length > 0 ? exitCodes.refused : exitCodes.ok;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw folderFault(path, error);
  }
}
