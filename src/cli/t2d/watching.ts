/** The watched folder of an engine: what is laid in t2d/in of its data folder is filed, and answered in t2d/out. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from '../../config.ts';
import type { Engine } from '../../core/engine/engine.ts';
import { faultText } from '../../core/errors.ts';
import { type ImportEvent, ImportTally } from '../../core/t2d-run.ts';
import { alone } from '../../db/lock.ts';
import { writeJournal } from '../../db/system/operator.ts';
import { readSettings } from '../../db/system/setting.ts';
import { importFolder } from '../../t2d/import.ts';
import { watchFolder } from '../../t2d/watch.ts';
import { type CarrierInstallation, serverExport, serverImport } from './carrier.ts';
import { eventLine } from './import-run.ts';

/** Seen from t2d/in. */
const places = { done: join('..', 'done'), refused: join('..', 'refused') };

/** Undefined where the setting is off, or the folders cannot be made: nothing else is to suffer from that. */
export async function openWatched(
  folder: DataFolder,
  installation: CarrierInstallation,
  log: (line: string) => void,
): Promise<Watched | undefined> {
  const { t2dWatch, cyclePeriodS } = await readSettings(installation.system);
  if (t2dWatch === 0) return undefined;
  try {
    return new Watched(folder, cyclePeriodS * 1000, installation, log);
  } catch (error) {
    log(`t2d: ${faultText(error)}`);
    return undefined;
  }
}

export class Watched {
  readonly #incoming: string;
  readonly #periodMs: number;
  readonly #outgoing: string;
  readonly #folder: string;
  readonly #installation: CarrierInstallation;
  readonly #log: (line: string) => void;
  /** What stays where it is, told once. */
  readonly #told = new Set<string>();

  constructor(
    folder: DataFolder,
    periodMs: number,
    installation: CarrierInstallation,
    log: (line: string) => void,
  ) {
    this.#folder = folder.at('t2d');
    this.#incoming = join(this.#folder, 'in');
    this.#periodMs = periodMs;
    this.#outgoing = join(this.#folder, 'out');
    for (const path of [this.#incoming, this.#outgoing]) mkdirSync(path, { recursive: true });
    this.#installation = installation;
    this.#log = line => log(`t2d: ${line}`);
  }

  /** Until the engine has ended; never rejects. Looks only while it runs. */
  async watch(engine: Engine): Promise<void> {
    const ending = new AbortController();
    void engine.ended.then(() => ending.abort());
    const look = async () => {
      if (engine.status.state !== 'running') return;
      try {
        // Several engines of one folder must not move the same files.
        const isNews = await alone(this.#installation.system, `t2d ${this.#folder}`, () =>
          this.#look(ending.signal),
        );
        // What was filed is to be charged, and questions answered: those answers come with a later look.
        if (isNews) await engine.command('cycle');
      } catch (error) {
        if (!ending.signal.aborted) this.#log(faultText(error));
      }
    };
    await watchFolder(this.#incoming, this.#periodMs, look, ending.signal);
  }

  /** True: something came in or went out. */
  async #look(ending: AbortSignal): Promise<boolean> {
    const tally = new ImportTally();
    const onEvent = (event: ImportEvent) => {
      tally.add(event);
      this.#tell(event);
    };
    const onTrouble = (error: unknown) => void (error !== undefined && this.#log(faultText(error)));
    const parts = serverImport(this.#installation, onTrouble, onEvent, ending);
    await importFolder(parts, this.#incoming, { places, ending });
    const { done, refused } = tally.counts;
    const written = await this.#export(ending);
    if (done + refused + written === 0) return false;
    this.#log(`${done} files dealt with, ${refused} refused, ${written} written`);
    const detail = { folder: this.#folder, done, refused, written };
    await writeJournal(this.#installation.system, 't2d-watch', detail);
    return true;
  }

  /** Clients who have a link get theirs by it: files are for those who bring files. */
  async #export(ending: AbortSignal): Promise<number> {
    let written = 0;
    const onFile = (_name: string, isNew: boolean) => {
      if (isNew) written++;
    };
    const scope = { carriedOnly: true };
    await serverExport(this.#installation, this.#outgoing, scope, { onFile, log: this.#log, ending });
    return written;
  }

  #tell(event: ImportEvent): void {
    const line = eventLine(event, 'en');
    if (line === undefined || (event.kind === 'left' && this.#told.has(line))) return;
    if (event.kind === 'left') this.#told.add(line);
    this.#log(line);
  }
}
