/** XMServerSystem as the engine uses it. */
import type { EngineCommand, EngineStatus } from '../core/engine-status.ts';
import type { KeyId } from '../core/message.ts';
import type { Charge, SystemStore } from '../core/ports.ts';
import type { Database } from './database.ts';
import { Listener } from './listener.ts';
import { readClients, readSigners } from './system/directory.ts';
import { channels, removeEngine, reportEngine } from './system/engine.ts';
import { charge } from './system/ledger.ts';

export class PostgresSystemStore implements SystemStore {
  readonly #database: Database;
  readonly #listener: Listener;
  readonly #directoryListeners: (() => void)[] = [];
  #commands: { readonly engine: string; readonly listener: (command: EngineCommand) => void } | undefined;

  constructor(database: Database) {
    this.#database = database;
    this.#listener = new Listener(
      database.settings,
      'xmserver engine',
      [channels.directory, channels.command],
      {
        onNotification: (channel, payload) => this.#notified(channel, payload),
        onState: connected => {
          // What changed while nobody listened was missed.
          if (connected) this.#directoryChanged();
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

  charge(charges: readonly Charge[]): Promise<void> {
    return charge(this.#database, charges);
  }

  report(status: EngineStatus, notify: boolean): Promise<void> {
    return reportEngine(this.#database, status, notify);
  }

  leave(engineId: string): Promise<void> {
    return removeEngine(this.#database, engineId);
  }

  async onCommand(engine: string, listener: (command: EngineCommand) => void): Promise<void> {
    this.#commands = { engine, listener };
    await this.#listener.start();
  }

  async close(): Promise<void> {
    await this.#listener.close();
  }

  #notified(channel: string, payload: string): void {
    if (channel === channels.directory) {
      this.#directoryChanged();
      return;
    }
    const { engine, verb } = JSON.parse(payload) as { engine: string | null; verb: EngineCommand };
    if (this.#commands && (engine === null || engine === this.#commands.engine))
      this.#commands.listener(verb);
  }

  #directoryChanged(): void {
    for (const listener of this.#directoryListeners) listener();
  }
}
