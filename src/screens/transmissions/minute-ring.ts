/**
 * The last hour in place: a minute keeps its bar for an hour, and the bar of an hour ago makes room for the newest. A
 * graph that moved by a bar each minute would be written anew each minute.
 */
const minutes = 60;
const minutesPerBar = 2;
const barCount = minutes / minutesPerBar;

/** Height of a full bar. */
const full = 8;

export class MinuteRing {
  readonly #slots = Array.from({ length: minutes }, () => 0);
  #newest = minutes - 1;
  #before: readonly number[] = [...this.#slots];
  #heights: readonly (number | undefined)[] = [];

  /**
   * `perMinute`: the last 60 minutes, oldest first, the running one last. Returns how many bars changed their height:
   * all of them where the highest one has outgrown the scale.
   */
  update(perMinute: readonly number[]): number {
    this.#newest = (this.#newest + minutesBetween(this.#before, perMinute)) % minutes;
    for (let age = 0; age < minutes; age++) {
      this.#slots[(this.#newest - age + minutes) % minutes] = perMinute[minutes - 1 - age] ?? 0;
    }
    this.#before = perMinute;
    const heights = this.#heights;
    this.#heights = heightsOf(this.bars);
    return this.#heights.filter((height, i) => height !== heights[i]).length;
  }

  /** The most in a minute. */
  get peak(): number {
    return Math.max(...this.#slots);
  }

  /** The hour as bars, each the sum of its minutes; undefined: the gap after the newest. */
  get bars(): (number | undefined)[] {
    const newest = Math.floor(this.#newest / minutesPerBar);
    return Array.from({ length: barCount }, (_, bar) => {
      if (bar === (newest + 1) % barCount) return undefined;
      const from = bar * minutesPerBar;
      // The rest of the newest bar is still of an hour ago.
      const to = bar === newest ? this.#newest + 1 : from + minutesPerBar;
      return this.#slots.slice(from, to).reduce((sum, one) => sum + one, 0);
    });
  }

  /** The bars as heights from 0 to 8. */
  get heights(): readonly (number | undefined)[] {
    return this.#heights;
  }
}

/** A full bar stands for a power of two: the scale seldom changes, and with it the whole graph. */
function heightsOf(bars: readonly (number | undefined)[]): (number | undefined)[] {
  const highest = Math.max(1, ...bars.map(bar => bar ?? 0));
  const scale = 2 ** Math.ceil(Math.log2(highest));
  return bars.map(bar => bar && Math.ceil((bar / scale) * full));
}

/** How many minutes passed from one reading to the next: by how much the second one is shifted. */
function minutesBetween(before: readonly number[], after: readonly number[]): number {
  const last = minutes - 1;
  for (let shift = 0; shift < minutes; shift++) {
    // What was the running minute may have grown since.
    const same = before.every((value, i) => {
      const now = after[i - shift];
      return i < shift || (i === last ? (now ?? 0) >= value : now === value);
    });
    if (same) return shift;
  }
  return 0;
}
