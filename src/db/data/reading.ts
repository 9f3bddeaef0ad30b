/** Transactions that only read, for a client: as a role that may read one table, and not for long. */
import pg from 'pg';
import { XmError } from '../../core/errors.ts';
import type { Database, Queryable } from '../database.ts';
import { quoted } from '../database.ts';

/** Of each statement. */
export const longestReadMs = 5_000;

/** `role` undefined: as who we are. Throws `query-too-slow`. */
export function reading<T>(
  database: Database,
  role: string | undefined,
  work: (connection: Queryable) => Promise<T>,
): Promise<T> {
  return database.transaction(async connection => {
    await connection.query(
      `set transaction read only; set local statement_timeout = ${longestReadMs};
       ${role === undefined ? '' : `set local role ${quoted(role)}`}`,
    );
    try {
      return await work(connection);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      if (error.code === queryCanceled) throw tooSlow(error);
      // A value that its type cannot have after all, as 2024-01-01 25:00.
      if (error.code?.startsWith('22'))
        throw new XmError('query-syntax', { detail: error.message }, { cause: error });
      throw error;
    }
  });
}

export function tooSlow(cause?: Error): XmError {
  return new XmError('query-too-slow', { seconds: longestReadMs / 1000 }, { cause });
}

const queryCanceled = '57014';
