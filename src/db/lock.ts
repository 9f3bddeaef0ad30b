/** Work that only one process at a time may do. */
import type { Database } from './database.ts';

/** Waits for its turn among all that use this name on this database; the lock goes with the connection. */
export function alone<T>(database: Database, name: string, work: () => Promise<T>): Promise<T> {
  return database.transaction(async connection => {
    await connection.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`xms_${name}`]);
    return work();
  });
}
