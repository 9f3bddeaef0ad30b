/** Starting our own programs in the background: they outlive the terminal, and write to a log in the data folder. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from '../config.ts';
import { isErrorCode, XmError } from '../core/errors.ts';
import { environmentWith, packageFolder } from '../environment.ts';

/** What a background process tells the one that started it, until it is ready. */
export type Notice =
  | { readonly kind: 'progress'; readonly step: string; readonly state: 'running' | 'done' }
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly params: Readonly<Record<string, string | number>>;
    };

export interface BackgroundStart {
  readonly folder: DataFolder;
  readonly program: 'xmserver' | 'xmstation';
  readonly args: readonly string[];
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  /** Beside what it has from us. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Name of the log in log/, without its ending. */
  readonly log: string;
  readonly onNotice?: (notice: Notice) => void;
}

/** How a background process ended before it was ready. */
export interface EarlyEnd {
  readonly logFile: string;
  readonly lastLine: string;
  readonly failure?: Notice & { readonly kind: 'failed' };
}

/** Resolves with undefined when the process says that it is ready. */
export function startInBackground(start: BackgroundStart): Promise<EarlyEnd | undefined> {
  const logFile = start.folder.at('log', `${start.log}.log`);
  const log = openSync(logFile, 'a', 0o600);
  const script = join(packageFolder(), 'bin', `${start.program}.js`);
  const child = spawn(process.execPath, [...(start.nodeOptions ?? []), script, ...start.args], {
    cwd: start.folder.path,
    env: environmentWith(start.environment),
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    windowsHide: true,
  });
  closeSync(log);
  const { promise, resolve, reject } = Promise.withResolvers<EarlyEnd | undefined>();
  let failure: EarlyEnd['failure'];
  child.on('message', message => {
    const notice = message as Notice;
    start.onNotice?.(notice);
    if (notice.kind === 'failed') failure = notice;
    if (notice.kind !== 'ready') return;
    child.disconnect();
    child.unref();
    resolve(undefined);
  });
  child.on('error', reject);
  child.on('exit', () =>
    resolve({ logFile, lastLine: lastLineOf(logFile), ...(failure ? { failure } : {}) }),
  );
  return promise;
}

/** What to tell of a process that ended too early: its own words where it had some. */
export function failed(
  end: EarlyEnd,
  otherwise: 'postgres-start' | 'engine-start' | 'station-start',
): XmError {
  const { failure } = end;
  if (failure && isErrorCode(failure.code)) return new XmError(failure.code, failure.params);
  return new XmError(otherwise, { detail: end.lastLine, log: end.logFile });
}

/** Tells the starter, where there is one. */
export function notify(notice: Notice): void {
  if (process.connected) process.send?.(notice);
}

function lastLineOf(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
}
