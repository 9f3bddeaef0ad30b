/** XMServerSystem as the engine uses it. */
import type { EngineCommand, EngineStatus } from '../core/engine-status.ts';
import type { KeyId } from '../core/message.ts';
import type { Charge, SystemStore } from '../core/ports.ts';
import type { Database } from './database.ts';
import { Listener } from './listener.ts';
import { countEnding } from './system/certificate.ts';
import { readClients, readSigners } from './system/directory.ts';
import {
  buryEngine,
  channels,
  commandsAfter,
  type GivenCommand,
  leaveDead,
  liveEngines,
  newestCommand,
  removeEngine,
  reportEngine,
  takeDeadEngines,
} from './system/engine.ts';
import { charge } from './system/ledger.ts';
import { writeJournal } from './system/operator.ts';

const heardLimit = 100;

export class PostgresSystemStore implements SystemStore {
  readonly #database: Database;
  readonly #listener: Listener;
  readonly #authorityEnd: () => number | undefined;
  readonly #directoryListeners: (() => void)[] = [];
  readonly #letterListeners: (() => void)[] = [];
  #commands: { readonly engine: string; readonly listener: (command: EngineCommand) => void } | undefined;
  /** Id of the newest command heard of. */
  #newestCommand = 0;
  /** Those heard of last: what is notified while we catch up is heard of twice. */
  readonly #heard = new Set<number>();

  /** `authorityEnd`: of our own authority, milliseconds since 1970, where it is known here; it is not filed. */
  constructor(database: Database, authorityEnd: () => number | undefined = () => undefined) {
    this.#database = database;
    this.#authorityEnd = authorityEnd;
    this.#listener = new Listener(
      database.settings,
      'xmserver engine',
      [channels.directory, channels.command, channels.letter],
      {
        onNotification: (channel, payload) => this.#notified(channel, payload),
        onState: connected => {
          if (connected) void this.#catchUp();
        },
      },
    );
  }

  signers(ids: readonly KeyId[]) {
    return readSigners(this.#database, ids);
  }

  clients(matricules: readonly number[]) {
    return readClients(this.#database, matricules);
  }

  onDirectoryChange(listener: () => void): void {
    this.#directoryListeners.push(listener);
  }

  /** Called when letters to clients wait, or may wait. */
  onLetters(listener: () => void): void {
    this.#letterListeners.push(listener);
  }

  charge(charges: readonly Charge[]): Promise<void> {
    return charge(this.#database, charges);
  }

  report(status: EngineStatus, notify: boolean): Promise<void> {
    return reportEngine(this.#database, status, notify);
  }

  leave(engineId: string): Promise<void> {
    return removeEngine(this.#database, engineId);
  }

  async otherEngines(engineId: string): Promise<EngineStatus[]> {
    return (await liveEngines(this.#database)).filter(({ id }) => id !== engineId);
  }

  async takeDeadEngines(engineId: string): Promise<EngineStatus[]> {
    const dead = await takeDeadEngines(this.#database, engineId);
    for (const { status, isNew } of dead) {
      const { id, host } = status;
      if (isNew) await writeJournal(this.#database, 'engine-dead', { engine: id, host });
    }
    return dead.map(({ status }) => status);
  }

  buryEngine(engineId: string): Promise<void> {
    return buryEngine(this.#database, engineId);
  }

  leaveDead(engineId: string): Promise<void> {
    return leaveDead(this.#database, engineId);
  }

  async endingCertificates(before: number) {
    const filed = await countEnding(this.#database, before);
    const own = this.#authorityEnd();
    if (own === undefined || own >= before) return filed;
    return { count: (filed?.count ?? 0) + 1, firstAt: Math.min(filed?.firstAt ?? own, own) };
  }

  /** From now on; a command given while the connection was lost is carried out when it is back. */
  async onCommand(engine: string, listener: (command: EngineCommand) => void): Promise<void> {
    this.#newestCommand = await newestCommand(this.#database);
    this.#commands = { engine, listener };
    await this.#listener.start();
  }

  async close(): Promise<void> {
    await this.#listener.close();
  }

  /** What changed while nobody listened was missed. */
  async #catchUp(): Promise<void> {
    this.#directoryChanged();
    for (const listener of this.#letterListeners) listener();
    try {
      for (const given of await commandsAfter(this.#database, this.#newestCommand)) this.#given(given);
    } catch {
      // Lost again; the listener comes back, and so do we.
    }
  }

  #notified(channel: string, payload: object): void {
    if (channel === channels.directory) this.#directoryChanged();
    else if (channel === channels.letter) for (const listener of this.#letterListeners) listener();
    else this.#given(payload as GivenCommand);
  }

  #given({ id, engine, verb }: GivenCommand): void {
    if (this.#heard.has(id)) return;
    this.#heard.add(id);
    for (const old of this.#heard) if (this.#heard.size > heardLimit) this.#heard.delete(old);
    this.#newestCommand = Math.max(this.#newestCommand, id);
    if (engine === null || engine === this.#commands?.engine) this.#commands?.listener(verb);
  }

  #directoryChanged(): void {
    for (const listener of this.#directoryListeners) listener();
  }
}
