/**
 * The last hour in place: a minute keeps its bar for an hour, and the bar of an hour ago makes room for the newest. A
 * graph that moved by a bar each minute would be written anew each minute.
 */
const minutes = 60;

export class MinuteRing {
  readonly #slots = Array.from({ length: minutes }, () => 0);
  #newest = minutes - 1;
  #before: readonly number[] = [...this.#slots];

  /** `perMinute`: the last 60 minutes, oldest first, the running one last. True where all bars change their height. */
  update(perMinute: readonly number[]): boolean {
    const scale = this.scale;
    this.#newest = (this.#newest + minutesBetween(this.#before, perMinute)) % minutes;
    for (let age = 0; age < minutes; age++) {
      this.#slots[(this.#newest - age + minutes) % minutes] = perMinute[minutes - 1 - age] ?? 0;
    }
    this.#before = perMinute;
    return this.scale !== scale;
  }

  /** The most in a minute. */
  get peak(): number {
    return Math.max(...this.#slots);
  }

  /** What a full bar of one minute stands for: a power of two, so that it seldom changes. */
  get scale(): number {
    return 2 ** Math.ceil(Math.log2(Math.max(1, this.peak)));
  }

  /** The hour as `count` bars (a divisor of 60), each the sum of its minutes; undefined: the gap after the newest. */
  bars(count: number): (number | undefined)[] {
    const size = minutes / count;
    const newest = Math.floor(this.#newest / size);
    return Array.from({ length: count }, (_, bar) => {
      if (bar === (newest + 1) % count) return undefined;
      const from = bar * size;
      // The rest of the newest bar is still of an hour ago.
      const to = bar === newest ? this.#newest + 1 : from + size;
      return this.#slots.slice(from, to).reduce((sum, one) => sum + one, 0);
    });
  }
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
