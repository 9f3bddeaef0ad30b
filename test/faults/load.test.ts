/** More than usual, and for longer than usual. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, settled, wholeAccount } from '../site/account.ts';
import type { RunningEngine } from '../site/engine.ts';
import { Collector, Senders, sealLoad } from '../site/load.ts';
import { residentMb } from '../site/process.ts';
import { ReceiptBook, waits } from '../site/receipts.ts';
import { makeSite, type Site } from '../site/site.ts';
import { scaled, tell } from './scale.ts';

const usualPerSecond = 200;
const spikeS = scaled({ short: 1, full: 10 });
/** The longest that a receipt may take in a spike. */
const spikeMs = 10_000;

const soakS = scaled({ short: 8, full: 180 });
const soakPerSecond = scaled({ short: 200, full: 400 });
/** Memory may grow so much a minute, a third of the time left aside as warm-up; the short form is all warm-up. */
const growthMbPerMinute = scaled({ short: Number.POSITIVE_INFINITY, full: 6 });
const sampleMs = 250;

describe('an engine under load', () => {
  let site: Site;
  let engine: RunningEngine;
  let senders: Senders;
  let collector: Collector;
  let book: ReceiptBook;
  let sent = 0;
  beforeAll(async () => {
    site = await makeSite(100, 'ec');
    engine = await site.startEngine();
    senders = await Senders.connect(site.broker.url, 4);
    collector = await Collector.connect(site.broker.url);
    book = new ReceiptBook(site, collector);
  });
  afterAll(async () => {
    await senders?.close();
    await collector?.close();
    await site?.close();
  });

  it('takes a spike of five times the usual load', async () => {
    const usual = await pace(usualPerSecond, spikeS);
    const spike = await pace(5 * usualPerSecond, spikeS);
    const after = await pace(usualPerSecond, spikeS);
    await balanced();
    tell(`${usualPerSecond}/s ${text(usual)}; ${5 * usualPerSecond}/s ${text(spike)}; again ${text(after)}`);
    expect(spike.p99).toBeLessThan(spikeMs);
  }, 120_000);

  it(`keeps its memory for ${soakS} s`, async () => {
    const samples: number[] = [];
    const timer = setInterval(() => samples.push(residentMb(engine.pid)), sampleMs);
    const told = await pace(soakPerSecond, soakS);
    clearInterval(timer);
    await balanced();
    const warm = samples.slice(Math.floor(samples.length / 3));
    const perMinute = slope(warm) * (60_000 / sampleMs);
    tell(
      `${soakPerSecond}/s for ${soakS} s: ${text(told)}; engine ${Math.round(Math.max(...samples))} MB at most, ${perMinute.toFixed(1)} MB a minute`,
    );
    expect(perMinute).toBeLessThan(growthMbPerMinute);
    expect(Math.max(...samples)).toBeLessThan(300);
  }, 300_000);

  /** Returns how long the offices waited for their receipts. */
  async function pace(perSecond: number, seconds: number): Promise<{ p50: number; p99: number }> {
    const load = await sealLoad(site, perSecond * seconds, true, sent + 1);
    sent += load.length;
    const sentAt = new Map<string, number>();
    await senders.pace(load, perSecond, ({ id }) => sentAt.set(id, performance.now()));
    return waits(book, sentAt);
  }

  async function balanced(): Promise<void> {
    await settled(site, sent);
    expect(await accountOf(site)).toEqual(wholeAccount(sent));
  }
});

function text({ p50, p99 }: { p50: number; p99: number }): string {
  return `${p50} ms, p99 ${p99} ms`;
}

/** Of the straight line through the values (least squares), per place. */
function slope(values: readonly number[]): number {
  const meanX = (values.length - 1) / 2;
  const meanY = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [xy, xx] = values.reduce(
    ([a, b], value, x) => [a + (x - meanX) * (value - meanY), b + (x - meanX) ** 2],
    [0, 0],
  );
  return xy / xx;
}
