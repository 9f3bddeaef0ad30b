/** A run of T2D at the server, by whoever asks for it: the command or the console; each leaves a row in the journal. */
import type { Scope } from '../../core/carried-store.ts';
import { type Exporting, type ImportEvent, ImportTally, type Written } from '../../core/t2d-run.ts';
import { giveCommand } from '../../db/system/engine.ts';
import { writeJournal } from '../../db/system/operator.ts';
import { type CarrierInstallation, type ExportCall, serverExport, serverImport } from './carrier.ts';
import { importPaths } from './import-run.ts';

interface ImportRun {
  readonly paths: readonly string[];
  /** Who stands in the journal. */
  readonly userName: string;
  readonly onEvent: (event: ImportEvent) => void;
  /** The database is away, and the run waits for it; undefined: it is back. */
  readonly onTrouble: (error: unknown) => void;
  readonly ending: AbortSignal;
}

/** Rejects as `folderFault` tells, as the database does where it cannot be waited for, and with the reason of `ending`. */
export async function runImport(
  installation: CarrierInstallation,
  { paths, userName, onEvent, onTrouble, ending }: ImportRun,
): Promise<ImportTally> {
  const tally = new ImportTally();
  const tell = (event: ImportEvent) => {
    tally.add(event);
    onEvent(event);
  };
  try {
    await importPaths(serverImport(installation, onTrouble, tell, ending), paths, ending);
  } finally {
    await writeJournal(installation.system, 't2d-import', { paths, ...tally.counts }, userName);
    // Charges and questions are the engine's; it need not wait for the next full minute.
    await giveCommand(installation.system, 'cycle', undefined);
  }
  return tally;
}

interface ExportRun extends Omit<ExportCall, 'onFile' | 'onTotal'> {
  readonly folder: string;
  /** Absent: all clients. */
  readonly client?: number;
  readonly userName: string;
  /** Told of each file that is in the folder, and how far it is. */
  readonly onFile: (name: string, isNew: boolean, progress: Exporting) => void;
  readonly onTotal?: (progress: Exporting) => void;
}

/** Rejects as `folderFault` tells, and as the database does; what is written by then is written. */
export async function runExport(
  installation: CarrierInstallation,
  { folder, client, userName, onFile, onTotal, ...call }: ExportRun,
): Promise<Written> {
  const scope: Scope = { carriedOnly: false, ...(client === undefined ? {} : { client }) };
  let files: Written = { written: 0, present: 0 };
  let total = 0;
  const progress = (): Exporting => ({ ...files, of: Math.max(total, files.written + files.present) });
  const tell = (name: string, isNew: boolean) => {
    const { written, present } = files;
    files = isNew ? { written: written + 1, present } : { written, present: present + 1 };
    onFile(name, isNew, progress());
  };
  const told = (count: number) => {
    total = count;
    onTotal?.(progress());
  };
  try {
    await serverExport(installation, folder, scope, { ...call, onFile: tell, onTotal: told });
  } finally {
    await writeJournal(installation.system, 't2d-export', { folder, ...scope, ...files }, userName);
  }
  return files;
}
