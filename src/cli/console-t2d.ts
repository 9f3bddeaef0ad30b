/** T2D as the console's screens see it: the runs of the commands, by the operator who is logged in. */
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { T2dView, WatchedFolder } from '../core/console-ports.ts';
import type { Act, Operator } from '../core/operator.ts';
import { pause } from '../core/pause.ts';
import { isCarrier } from '../core/t2d.ts';
import { readSettings } from '../db/system/setting.ts';
import type { CarrierInstallation } from './t2d/carrier.ts';
import { mountedMedia } from './t2d/media.ts';
import { typedPath } from './typed-path.ts';

interface ConsoleT2dOptions {
  /** Throws `read-only`, `privilege-needed`. */
  readonly demand: (act: Act) => Operator;
  /** What engines watch. */
  readonly watched: string;
}

/** A network drive that is away keeps whoever looks at it waiting. */
const mediaPatienceMs = 1_000;

export class ConsoleT2d implements T2dView {
  readonly #installation: CarrierInstallation;
  readonly #options: ConsoleT2dOptions;
  readonly #closing = new AbortController();
  readonly #runs = new Set<Promise<unknown>>();

  constructor(installation: CarrierInstallation, options: ConsoleT2dOptions) {
    this.#installation = installation;
    this.#options = options;
  }

  async folders(): Promise<readonly string[]> {
    const patience = pause(mediaPatienceMs, this.#closing.signal).then((): string[] => []);
    return [...(await Promise.race([mountedMedia(), patience])), homedir()];
  }

  async watched(): Promise<WatchedFolder> {
    const folder = this.#options.watched;
    const { t2dWatch } = await readSettings(this.#installation.system);
    const [incoming, outgoing] = await Promise.all(['in', 'out'].map(name => carriersIn(join(folder, name))));
    return { isOn: t2dWatch !== 0, folder, incoming: incoming ?? 0, outgoing: outgoing ?? 0 };
  }

  import(...[path, watcher, ending]: Parameters<T2dView['import']>): Promise<void> {
    return this.#run(ending, 't2d-import', ({ runImport }, userName, either) =>
      runImport(this.#installation, { paths: [typedPath(path)], userName, ...watcher, ending: either }),
    );
  }

  export(...[path, client, { onFiles, onLog }, ending]: Parameters<T2dView['export']>): Promise<void> {
    return this.#run(ending, 't2d-export', ({ runExport }, userName, either) =>
      runExport(this.#installation, {
        folder: typedPath(path),
        ...(client === undefined ? {} : { client }),
        userName,
        onOpen: () => onFiles({ written: 0, present: 0, of: 0 }),
        onTotal: onFiles,
        onFile: (_name, _isNew, progress) => onFiles(progress),
        log: onLog,
        ending: either,
      }),
    );
  }

  /** What goes on is stopped, and ends before the connections do. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#runs);
  }

  async #run(
    ending: AbortSignal,
    act: Act,
    run: (
      runs: typeof import('./t2d/server-run.ts'),
      userName: string,
      ending: AbortSignal,
    ) => Promise<unknown>,
  ): Promise<void> {
    const { userName } = this.#options.demand(act);
    // What reads files and mail is loaded when it is used: a console is to open at once.
    const either = AbortSignal.any([ending, this.#closing.signal]);
    const running = import('./t2d/server-run.ts').then(runs => run(runs, userName, either));
    this.#runs.add(running);
    try {
      await running;
    } finally {
      this.#runs.delete(running);
    }
  }
}

/** 0 where the folder is not there. */
async function carriersIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  return names.filter(name => isCarrier(name) && !name.startsWith('.')).length;
}
