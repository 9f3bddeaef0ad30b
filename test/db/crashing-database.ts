/** A database whose sessions end in the middle of what they do, as when its server, or the way to it, is lost. */
import { XmError } from '../../src/core/errors.ts';
import { Database, type Queryable, type Row } from '../../src/db/database.ts';

export interface Crash {
  /** Statements of the transaction before it; more than there are: between the last one and the commit. */
  readonly after: number;
  /**
   * `before`: the session is gone when the next statement is sent. `during`: it is told to go while that one is sent,
   * and where it ends nobody knows. `answer`: all is committed, and the answer is lost.
   */
  readonly how: 'before' | 'during' | 'answer';
}

export class CrashingDatabase extends Database {
  readonly #executioner: Database;
  readonly #crashes: Crash[];

  /** Each transaction takes the next of `crashes`; those after the last one go well. */
  constructor(database: Database, crashes: readonly Crash[]) {
    super(database.settings, 'test');
    this.#executioner = database;
    this.#crashes = [...crashes];
  }

  override async transaction<T>(work: (connection: Queryable) => Promise<T>): Promise<T> {
    const crash = this.#crashes.shift();
    if (!crash) return super.transaction(work);
    if (crash.how === 'answer') {
      await super.transaction(work);
      throw new XmError('database-unreachable', { host: 'test', detail: 'the answer is lost' });
    }
    const deaths: Promise<unknown>[] = [];
    try {
      return await super.transaction(async connection => {
        const [session] = await connection.query<{ pid: number }>('select pg_backend_pid() as pid');
        const die = async () => {
          const death = this.#end(session?.pid);
          deaths.push(death);
          if (crash.how === 'before') await death;
        };
        let statements = 0;
        const result = await work({
          query: async <R extends Row>(text: string, parameters: readonly unknown[] = []) => {
            if (statements++ === crash.after) await die();
            return connection.query<R>(text, parameters);
          },
        });
        if (statements <= crash.after) await die();
        return result;
      });
    } finally {
      await Promise.all(deaths);
    }
  }

  /** Resolves when the session is gone. PostgreSQL's own waiting for it looks every 100 ms only. */
  async #end(pid: number | undefined): Promise<void> {
    await this.#executioner.query('select pg_terminate_backend($1)', [pid]);
    const living = 'select from pg_stat_activity where pid = $1';
    while ((await this.#executioner.query(living, [pid])).length > 0);
  }
}

/** Does it again until it is told that it is done; every other failure fails the test. */
export async function insistently<T>(act: () => Promise<T>): Promise<T> {
  while (true) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof XmError && error.code === 'database-unreachable')) throw error;
    }
  }
}
