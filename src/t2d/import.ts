/**
 * Files in: looked at, read, given to whoever files what they hold, and only then moved. What a crash or a USB key that
 * is pulled out interrupts is done again: the same SDC a second time changes nothing, and gets the same receipt.
 */
import { type ErrorParams, XmError } from '../core/errors.ts';
import { pause } from '../core/pause.ts';
import type { Reason } from '../core/ports.ts';
import type { Way } from '../core/t2d.ts';
import { wayOf } from '../core/t2d.ts';
import type { ImportEvent } from '../core/t2d-run.ts';
import { type Carried, contentsOf, type FromText } from './contents.ts';
import { type Found, listFolder, moveFile, readFound, settleTime } from './in-folder.ts';

/** Beside the files that they come from, or beside `in/`. */
export interface Places {
  readonly done: string;
  readonly refused: string;
}

const besideFiles: Places = { done: 'done', refused: 'refused' };

export interface ImportParts {
  readonly fromText: FromText;
  /** A file that goes this way is for us. */
  readonly isOurs: (way: Way) => boolean;
  /**
   * Files them all, and resolves when that is committed: of each the reasons of a refusal, none where it was taken.
   * Rejects where nothing is known of any.
   */
  readonly take: (batch: readonly Carried[]) => Promise<readonly (readonly Reason[])[]>;
  /** What is written beside a refused file. */
  readonly note: (name: string, reasons: readonly Reason[]) => string;
  readonly onEvent: (event: ImportEvent) => void;
}

/** Files that are read at a time, and their bytes. */
const batchLimit = 200;
const batchBytesLimit = 4 << 20;

interface ReadFile {
  readonly name: string;
  readonly contents: readonly Carried[];
  /** Of a file that holds no SDC. */
  readonly reasons: readonly Reason[];
}

/**
 * All files of the folder, or those named. `ending` stops between two batches. Throws as `folderFault` tells, and
 * whatever `take` does.
 */
export async function importFolder(
  parts: ImportParts,
  folder: string,
  { only, places = besideFiles, ending }: { only?: readonly string[]; places?: Places; ending: AbortSignal },
): Promise<void> {
  const { onEvent, isOurs } = parts;
  const { found, left } = await listFolder(folder, only);
  for (const one of left) onEvent({ kind: 'left', left: one });
  const ours: Found[] = [];
  for (const one of found) {
    const way = wayOf(one.name);
    if (!way || isOurs(way)) ours.push(one);
    else onEvent({ kind: 'left', left: { name: one.name, why: 'elsewhere' } });
  }
  onEvent({ kind: 'progress', files: 0, of: ours.length });
  await pause(settleTime(ours, Date.now()), ending);
  for (let at = 0; at < ours.length && !ending.aborted; ) {
    const { batch, next } = await readBatch(parts, folder, ours, at);
    await settle(parts, folder, places, batch);
    at = next;
    onEvent({ kind: 'progress', files: at, of: ours.length });
  }
}

async function readBatch(
  parts: ImportParts,
  folder: string,
  files: readonly Found[],
  from: number,
): Promise<{ batch: ReadFile[]; next: number }> {
  const batch: ReadFile[] = [];
  let [next, bytes] = [from, 0];
  for (; next < files.length && batch.length < batchLimit && bytes < batchBytesLimit; next++) {
    const file = files[next] as Found;
    const reading = await readFound(folder, file);
    if ('left' in reading) parts.onEvent({ kind: 'left', left: reading.left });
    else if ('limit' in reading)
      batch.push(refusedFile(file.name, { code: 'device-too-large', params: sizes(reading) }));
    else {
      bytes += reading.bytes.length;
      batch.push(await opened(file.name, reading.bytes, parts.fromText));
    }
  }
  return { batch, next };
}

async function settle(
  { take, note, onEvent }: ImportParts,
  folder: string,
  places: Places,
  batch: readonly ReadFile[],
): Promise<void> {
  const contents = batch.flatMap(file => file.contents);
  const verdicts = contents.length > 0 ? await take(contents) : [];
  let at = 0;
  for (const { name, contents: own, reasons } of batch) {
    const refused = [...reasons, ...verdicts.slice(at, at + own.length).flat()];
    at += own.length;
    const unmoved =
      refused.length > 0
        ? await moveFile(folder, name, places.refused, note(name, refused))
        : await moveFile(folder, name, places.done);
    if (refused.length > 0) onEvent({ kind: 'refused', name, reasons: refused });
    else onEvent({ kind: 'done', name });
    if (unmoved) onEvent({ kind: 'left', left: unmoved });
  }
}

async function opened(name: string, bytes: Uint8Array, fromText: FromText): Promise<ReadFile> {
  try {
    return { name, contents: await contentsOf(name, bytes, fromText), reasons: [] };
  } catch (error) {
    if (error instanceof XmError) return refusedFile(name, error);
    throw error;
  }
}

function refusedFile(name: string, { code, params }: Reason): ReadFile {
  return { name, contents: [], reasons: [{ code, params }] };
}

function sizes({ size, limit }: { size: number; limit: number }): ErrorParams {
  return { size, limit };
}
