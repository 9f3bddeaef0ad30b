/** The log that does not scroll, and the hour that stays in place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MinuteRing } from '../../src/screens/transmissions/minute-ring.ts';
import { RingLog } from '../../src/screens/transmissions/ring-log.ts';
import { eventOf } from './stand-in.ts';

describe('the ring log', () => {
  const numbers = (log: RingLog, height: number) => log.lines(height).map(({ event }) => event?.at);
  const at = (n: number) => eventOf(n).at;

  it('fills from the top', () => {
    const log = new RingLog();
    expect(log.isEmpty).toBe(true);
    log.add(eventOf(0));
    log.add(eventOf(1));
    expect(numbers(log, 4)).toEqual([at(0), at(1), undefined, undefined]);
    expect(log.lines(4).map(({ newest }) => newest)).toEqual([false, true, false, false]);
  });

  it('changes one line per event, whatever its height', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 300 }), (height, count) => {
        const log = new RingLog();
        for (let n = 0; n < count; n++) log.add(eventOf(n));
        const before = numbers(log, height);
        log.add(eventOf(count));
        const after = numbers(log, height);
        expect(after.filter((line, i) => line !== before[i])).toEqual([at(count)]);
        const last = log.lines(height).find(({ newest }) => newest);
        expect(last?.event?.at).toBe(at(count));
        const kept = after.filter(line => line !== undefined).sort((a, b) => a - b);
        const first = Math.max(0, count + 1 - height);
        expect(kept).toEqual(Array.from({ length: count + 1 - first }, (_, i) => at(first + i)));
      }),
    );
  });
});

describe('the hour', () => {
  /** What an engine tells, a minute at a time: the running one grows, then a new one begins. */
  const histories = fc.array(fc.array(fc.nat(50), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 90,
  });

  it('keeps each bar where it is, until it makes room', () => {
    fc.assert(
      fc.property(histories, history => {
        const ring = new MinuteRing();
        let perMinute = Array.from({ length: 60 }, () => 0);
        for (const readings of history) {
          perMinute = [...perMinute.slice(1), 0];
          for (const more of readings) {
            perMinute = [...perMinute.slice(0, -1), (perMinute.at(-1) ?? 0) + more];
            const before = ring.bars;
            ring.update(perMinute);
            const changed = ring.bars.filter((bar, i) => bar !== before[i]);
            // The newest, and the gap that moved with it.
            expect(changed.length).toBeLessThanOrEqual(3);
          }
          expect(ring.peak).toBe(Math.max(...perMinute));
        }
      }),
    );
  });

  it('has the newest before the gap, and adds up minutes that share a bar', () => {
    const ring = new MinuteRing();
    // The first reading fills the ring up to its last slot but one.
    ring.update(Array.from({ length: 60 }, (_, i) => i + 1));
    const { bars } = ring;
    const gap = bars.indexOf(undefined);
    expect(bars.filter(bar => bar === undefined)).toHaveLength(1);
    expect([bars.at(gap - 2), bars.at(gap - 1)]).toEqual([58 + 59, 60]);
  });

  it('tells how many bars change their height: all of them with the scale', () => {
    const ring = new MinuteRing();
    const hour = (last: number) => [...Array.from({ length: 59 }, () => 4), last];
    ring.update(hour(4));
    expect(ring.update(hour(4))).toBe(0);
    expect(ring.update(hour(6))).toBe(1);
    expect(Math.max(...ring.heights.map(height => height ?? 0))).toBe(8);
    expect(ring.update(hour(9))).toBeGreaterThan(20);
    expect(ring.peak).toBe(9);
  });
});
