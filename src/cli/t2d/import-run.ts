/** What both programs do with `t2d import DIR|FILE …`: each folder in turn, told line by line, and counted. */
import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { faultText, sentence, XmError } from '../../core/errors.ts';
import type { Language } from '../../core/language.ts';
import { printable } from '../../core/t2d.ts';
import { type ImportEvent, type ImportParts, importFolder } from '../../t2d/import.ts';
import type { Left } from '../../t2d/in-folder.ts';
import { t2dTexts } from '../../text/t2d.ts';
import { exitCodes } from '../command-line.ts';

interface Refused {
  readonly name: string;
  readonly reasons: (ImportEvent & { kind: 'refused' })['reasons'];
}

export class ImportTally {
  done = 0;
  readonly refused: Refused[] = [];
  readonly left: Left[] = [];

  readonly add = (event: ImportEvent): void => {
    if (event.kind === 'done') this.done++;
    if (event.kind === 'refused') this.refused.push({ name: event.name, reasons: event.reasons });
    if (event.kind === 'left') this.left.push(event.left);
  };

  get counts(): { readonly done: number; readonly refused: number; readonly left: number } {
    return { done: this.done, refused: this.refused.length, left: this.left.length };
  }

  get exitCode(): number {
    const failed = this.left.some(({ why }) => why === 'unreadable' || why === 'unmoved');
    return failed ? exitCodes.failed : this.refused.length > 0 ? exitCodes.refused : exitCodes.ok;
  }
}

/** Folders as they are; files together with those of the same folder. Throws `device-folder`. */
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
    case 'left': {
      const { name, why, detail } = event.left;
      return [printable(name), texts.left[why], ...(detail === undefined ? [] : [`(${detail})`])].join('  ');
    }
    case 'progress':
      return event.files < event.of ? texts.progress(event.files, event.of) : undefined;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new XmError('device-folder', { folder: path, detail: faultText(error) }, { cause: error });
  }
}
