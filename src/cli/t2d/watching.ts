/** The watched folder of an engine: what is laid in t2d/in of its data folder is filed, and answered in t2d/out. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from '../../config.ts';
import { settingRules } from '../../core/administration/setting.ts';
import type { Engine } from '../../core/engine/engine.ts';
import { faultText } from '../../core/errors.ts';
import { pause } from '../../core/pause.ts';
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

export class Watched {
  readonly #incoming: string;
  readonly #outgoing: string;
  readonly #folder: string;
  readonly #installation: CarrierInstallation;
  readonly #log: (line: string) => void;
  #periodMs = settingRules.cyclePeriodS.initial * 1000;
  #isOn = false;
  /** What stays where it is, told once. */
  readonly #told = new Set<string>();

  constructor(folder: DataFolder, installation: CarrierInstallation, log: (line: string) => void) {
    this.#folder = folder.at('t2d');
    this.#incoming = join(this.#folder, 'in');
    this.#outgoing = join(this.#folder, 'out');
    this.#installation = installation;
    this.#log = line => log(`t2d: ${line}`);
  }

  async prepare(): Promise<void> {
    this.#makeFolders();
    await this.#askIsOn();
  }

  /** Nothing else is to suffer where they cannot be made. */
  #makeFolders(): void {
    try {
      for (const path of [this.#incoming, this.#outgoing]) mkdirSync(path, { recursive: true });
    } catch (error) {
      this.#log(faultText(error));
    }
  }

  /** Until the engine has ended, while the setting is on; never rejects. */
  async watch(engine: Engine): Promise<void> {
    const ending = new AbortController();
    void engine.ended.then(() => ending.abort());
    while (!ending.signal.aborted) {
      if (await this.#askIsOn()) await this.#watchWhileOn(engine, ending.signal);
      else await pause(this.#periodMs, ending.signal);
    }
  }

  async #watchWhileOn(engine: Engine, ending: AbortSignal): Promise<void> {
    this.#makeFolders();
    const off = new AbortController();
    const look = async () => {
      const periodMs = this.#periodMs;
      if (!(await this.#askIsOn()) || periodMs !== this.#periodMs) off.abort();
      else if (engine.status.state === 'running') await this.#lookAlone(engine, ending);
    };
    await watchFolder(this.#incoming, this.#periodMs, look, AbortSignal.any([ending, off.signal]));
  }

  /** Where the database does not tell, it stays as it was. */
  async #askIsOn(): Promise<boolean> {
    try {
      const { t2dWatch, cyclePeriodS } = await readSettings(this.#installation.system);
      this.#periodMs = cyclePeriodS * 1000;
      this.#isOn = t2dWatch !== 0;
    } catch (error) {
      if (this.#isOn) this.#log(faultText(error));
    }
    return this.#isOn;
  }

  async #lookAlone(engine: Engine, ending: AbortSignal): Promise<void> {
    try {
      // Several engines of one folder must not move the same files.
      const isNews = await alone(this.#installation.system, `t2d ${this.#folder}`, () => this.#look(ending));
      // What was filed is to be charged, and questions answered: those answers come with a later look.
      if (isNews) await engine.command('cycle');
    } catch (error) {
      if (!ending.aborted) this.#log(faultText(error));
    }
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
