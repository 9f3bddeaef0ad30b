/** A turn that only one process at a time has: a session-level advisory lock on a connection of its own. */
import { pause } from '../core/pause.ts';
import type { Turn } from '../core/ports.ts';
import { Client } from './client.ts';
import { connectionOptions, type DatabaseSettings } from './database.ts';

/**
 * Asked again after this many milliseconds, instead of waiting inside PostgreSQL: a statement that waits for hours
 * would keep VACUUM from removing anything meanwhile.
 */
const askMs = 2_000;

/** Resolves with the turn when it is ours; undefined where `ending` came first. Rejects when PostgreSQL is away. */
export async function takeTurn(
  settings: DatabaseSettings,
  name: string,
  ending: AbortSignal,
): Promise<Turn | undefined> {
  const client = new Client(connectionOptions(settings, `xmserver ${name}`));
  const gone = Promise.withResolvers<void>();
  client.on('error', () => gone.resolve());
  client.on('end', () => gone.resolve());
  const release = () => client.end().catch(() => undefined); // it may be gone already
  try {
    await client.connect();
    while (!ending.aborted) {
      const { rows } = await client.query<{ ours: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as ours',
        [`xms_${name}`],
      );
      if (rows[0]?.ours) return { lost: gone.promise, release };
      await pause(askMs, ending);
    }
  } catch (error) {
    await release();
    throw error;
  }
  await release();
  return undefined;
}
