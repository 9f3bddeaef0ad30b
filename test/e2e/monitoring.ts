/** Hours before the Monitor, faster than by the clock: the built console, and an engine's statuses that come through PostgreSQL. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EngineStatus } from '../../src/core/engine-status.ts';
import { Database } from '../../src/db/database.ts';
import { removeEngine, reportEngine } from '../../src/db/system/engine.ts';
import { eventOf, statusOf } from '../db/statuses.ts';
import { until } from '../until.ts';
import type { TestInstallation } from './installation.ts';
import { TerminalSession } from './terminal-session.ts';

/** An hour a minute. */
const clockSpeed = 60;
const engine = 'hours';

/** Bytes. */
export interface Memory {
  /** After a collection. */
  readonly heapUsed: number;
  readonly rss: number;
}

export class Monitoring {
  readonly session: TerminalSession;
  readonly #system: Database;
  readonly #memoryFile: string;
  #measured = 0;
  /** Updates so far: one a second of the console's clock. */
  #updates = 0;

  /** Opens the console on an installation without a running engine, and logs in; `nodeOptions`: for its Node. */
  static async open(
    installation: TestInstallation,
    nodeOptions: readonly string[],
    columns = 80,
    rows = 24,
  ): Promise<Monitoring> {
    const memoryFile = join(installation.home, 'memory.jsonl');
    const session = new TerminalSession({
      file: process.execPath,
      args: [
        '--expose-gc',
        ...nodeOptions,
        '--import',
        pathToFileURL(join(import.meta.dirname, 'fast-clock.ts')).href,
        installation.script('xmserver'),
        '--data',
        installation.data,
      ],
      env: { ...installation.env, XMS_CLOCK_SPEED: `${clockSpeed}`, XMS_MEMORY: memoryFile },
      cwd: installation.home,
      columns,
      rows,
    });
    await session.see(/Nom utilisateur/);
    session.type('mbome\tzzzz\r');
    await session.see(/Aucun moteur en marche/);
    return new Monitoring(session, new Database(installation.database('XMServerSystem'), 'test'), memoryFile);
  }

  private constructor(session: TerminalSession, system: Database, memoryFile: string) {
    this.session = session;
    this.#system = system;
    this.#memoryFile = memoryFile;
  }

  /**
   * Resolves when the console has shown each of so many updates, one after the other. `round`: after so many all is said
   * again: Ink keeps the measures of the last few thousand texts, and only minutes of new ones would fill that.
   */
  async watch(updates: number, round = Number.POSITIVE_INFINITY): Promise<void> {
    const last = this.#updates + updates;
    while (this.#updates < last) {
      this.#updates++;
      const seconds = Number.isFinite(round) ? (this.#updates % round) + 1 : this.#updates;
      await reportEngine(this.#system, statusAfter(seconds), true);
      await this.session.see(new RegExp(`aujourd’hui +${grouped(seconds)} `));
    }
  }

  /** The first call makes the console's clock fast. */
  async memory(): Promise<Memory> {
    this.#measured++;
    this.session.kill('SIGUSR2');
    const lines = () => readLines(this.#memoryFile);
    await until(() => lines().length === this.#measured);
    return JSON.parse(lines().at(-1) ?? '') as Memory;
  }

  /** Ends the console. */
  async close(): Promise<void> {
    if (this.session.running) this.session.kill('SIGTERM');
    await this.session.exited;
    await removeEngine(this.#system, engine);
    await this.#system.close();
  }
}

/** After so many seconds of one message each, of every kind in turn. */
function statusAfter(seconds: number): EngineStatus {
  const minute = Math.floor(seconds / 60);
  const perMinute = Array.from({ length: 60 }, (_, age) => (age < 60 - minute ? 0 : 20 + ((age * 7) % 50)));
  const counts = { received: seconds, filed: seconds, refused: 0, sent: seconds };
  const event = eventOf({ at: Date.now(), client: 1_000 + (seconds % 5_000), numero: seconds });
  return statusOf(engine, { perMinute, today: counts, total: counts, events: [event] });
}

const grouped = (count: number) => `${count}`.replace(/\B(?=(\d{3})+$)/g, '\\s');

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}
