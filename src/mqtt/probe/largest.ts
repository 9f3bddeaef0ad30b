/** The largest size that works: by fours up to the first that does not, then by halves between the two. */
import type { Largest } from '../../core/broker-test.ts';

/** When `signal` aborts, what is known by then; rejects where that is nothing. `from` and `to` are tried themselves. */
export async function findLargest(
  range: { readonly from: number; readonly to: number },
  works: (size: number) => Promise<boolean>,
  signal: AbortSignal,
): Promise<Largest> {
  let worked = 0;
  let failed: number | undefined;
  try {
    for (
      let size = Math.min(range.from, range.to);
      failed === undefined;
      size = Math.min(size * 4, range.to)
    ) {
      if (await works(size)) worked = size;
      else failed = size;
      if (worked === range.to) return { worked };
    }
    while (worked > 0 && failed - worked > 1) {
      const size = Math.floor((worked + failed) / 2);
      if (await works(size)) worked = size;
      else failed = size;
    }
  } catch (error) {
    if (!signal.aborted || worked === 0) throw error;
  }
  return { worked, ...(failed === undefined ? {} : { failed }) };
}
