/** A part of `bench:scale`: tables that are filled, and the actions of a person on them. */
import type { Database } from '../../src/db/database.ts';

interface Databases {
  readonly system: Database;
  readonly documents: Database;
}

export interface Section {
  readonly name: string;
  /** Fills the tables; runs once, on empty databases. */
  fill(databases: Databases): Promise<void>;
  /**
   * What a person waits for, by the key of the JSON object (without `_ms`). Called many times; `run` counts the calls,
   * so that each can ask for something else.
   */
  actions(databases: Databases): Readonly<Record<string, (run: number) => Promise<unknown>>>;
}

/** Runs that are measured; the first ones warm the caches, as a console that is in use has done. */
const warmUp = 3;
const runs = 40;

/** Milliseconds: the median, and what 95 of 100 runs stay below. */
export async function measure(
  action: (run: number) => Promise<unknown>,
): Promise<{ readonly p50: number; readonly p95: number }> {
  const times: number[] = [];
  for (let run = 0; run < warmUp + runs; run++) {
    const startedAt = performance.now();
    await action(run);
    if (run >= warmUp) times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const at = (part: number) => Math.round((times[Math.floor(times.length * part)] ?? NaN) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95) };
}
