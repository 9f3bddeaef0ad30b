/** Which of our background processes run: one small file each in the data folder's run/, with what others must know. */
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { DataFolder } from '../config.ts';

type EngineRunFile = 'engine' | `engine-${string}`;
export type BackgroundProcess = 'services' | 'station' | EngineRunFile;

interface RunFile {
  readonly pid: number;
  /** Tells this process from a later one of the same number; empty where the system does not say. */
  readonly mark: string;
  /** It can be used now. */
  readonly ready?: true;
}

/**
 * Makes this process the one of its name; false: another one is alive. Two that start at the same instant cannot both
 * win: the file is put in place by a hard link, which fails where there is one already.
 */
export function claimRunFile(folder: DataFolder, name: BackgroundProcess): boolean {
  const content: RunFile = { pid: process.pid, mark: markOf(process.pid) };
  const path = folder.at('run', `${name}.json`);
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(content), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        linkSync(mine, path);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      if (runningPid(folder, name) !== undefined) return false;
      rmSync(path, { force: true }); // left behind by one that was killed
    }
    return false;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Tells the others that this process can be used now. */
export function markReady(folder: DataFolder, name: BackgroundProcess): void {
  const content: RunFile = { pid: process.pid, mark: markOf(process.pid), ready: true };
  const path = folder.at('run', `${name}.json`);
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(content), { mode: 0o600 });
  renameSync(mine, path);
}

export function isReady(folder: DataFolder, name: BackgroundProcess): boolean {
  return readRunFile(folder, name)?.ready === true;
}

export function removeRunFile(folder: DataFolder, name: BackgroundProcess): void {
  // A process that took over meanwhile has written its own.
  if (readRunFile(folder, name)?.pid === process.pid)
    rmSync(folder.at('run', `${name}.json`), { force: true });
}

/** The process id of a background process that is alive; undefined: none runs. */
export function runningPid(folder: DataFolder, name: BackgroundProcess): number | undefined {
  const file = readRunFile(folder, name);
  return file && isAlive(file) ? file.pid : undefined;
}

/** The run file of an engine; the one that the console launches has no name. */
export function engineRunFile(name: string | undefined): EngineRunFile {
  return name === undefined ? 'engine' : `engine-${name}`;
}

/** The engines of this folder that are alive. */
export function runningEngines(folder: DataFolder): EngineRunFile[] {
  return readdirSync(folder.at('run'))
    .flatMap((file): EngineRunFile[] => {
      const match = /^engine(?:-(\w+))?\.json$/.exec(file);
      return match ? [engineRunFile(match[1])] : [];
    })
    .filter(name => runningPid(folder, name) !== undefined);
}

/** Asks a background process to end, where it runs, and waits for it; after `patienceMs` it is ended by force. */
export async function endProcess(
  folder: DataFolder,
  name: BackgroundProcess,
  patienceMs: number,
): Promise<void> {
  const file = readRunFile(folder, name);
  if (!file || !isAlive(file)) return;
  process.kill(file.pid, 'SIGTERM');
  const deadline = Date.now() + patienceMs;
  // It need not be our child, so there is no exit event to wait for.
  while (isAlive(file)) {
    if (Date.now() > deadline) process.kill(file.pid, 'SIGKILL');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

function readRunFile(folder: DataFolder, name: BackgroundProcess): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(folder.at('run', `${name}.json`), 'utf8')) as RunFile;
  } catch {
    return undefined; // not there: not running
  }
}

function isAlive({ pid, mark }: RunFile): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return mark === markOf(pid);
}

/** On Linux the start time of the process (proc(5), stat field 22); a zombie counts as ended. */
function markOf(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name, field 2, may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return 'ended';
  }
}
