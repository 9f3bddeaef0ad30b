/** The largest size that works: by fours up to the first that does not, then by halves between the two. */
import type { Largest } from '../../core/broker-test.ts';

export interface Range {
  /** Both are tried themselves. */
  readonly from: number;
  readonly to: number;
  /** `to` right after `from`, where it costs little: most brokers have no limit of their own. */
  readonly boldly?: boolean;
}

/** When `signal` aborts, what is known by then; rejects where that is nothing. */
export async function findLargest(
  { from, to, boldly = false }: Range,
  works: (size: number) => Promise<boolean>,
  signal: AbortSignal,
): Promise<Largest> {
  let worked = 0;
  let failed: number | undefined;
  const attempt = async (size: number) => {
    if (await works(size)) worked = size;
    else failed = size;
  };
  try {
    await attempt(Math.min(from, to));
    if (boldly && worked > 0 && worked < to) await attempt(to);
    while (worked > 0 && worked < to) {
      if (failed !== undefined && failed - worked === 1) break;
      const ceiling = failed ?? to + 1;
      await attempt(worked * 4 < ceiling ? worked * 4 : failed ? Math.floor((worked + failed) / 2) : to);
    }
  } catch (error) {
    if (!signal.aborted || worked === 0) throw error;
  }
  return { worked, ...(failed === undefined ? {} : { failed }) };
}
