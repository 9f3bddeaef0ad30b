/**
 * `npm run bench:ingest`: sealed birth acts of 1 000 offices through a real broker, the built engine and a PostgreSQL
 * that writes every commit to disk; rate, latency of the receipts, memory, and an account of every message.
 *
 * `--only a,b`: of session, fresh, rsa, bare, latency. `--filled N`: session keys on an empty centre, then on one with N
 * records (10 million unless said otherwise), and the one rate to the other.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { makeSite, type Site } from '../test/site/site.ts';
import type { Toll } from './ingest/account.ts';
import { centreSettings, configure, fill } from './ingest/filling.ts';
import { latencyOf } from './ingest/latency.ts';
import { type Rate, type RateOptions, rateOf } from './ingest/rate.ts';

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    count: { type: 'string', default: '30000' },
    only: { type: 'string', default: 'session,fresh,rsa,bare,latency' },
    filled: { type: 'boolean', default: false },
  },
  // The number after --filled, which may be left out.
  allowPositionals: true,
});
const count = Number(values.count);
const say = (line: string) => void (values.json || console.log(line));
const result: Record<string, number | string> = { lost: 0, twice: 0 };

const parts: Readonly<Record<string, () => Promise<void>>> = {
  async session() {
    const rate = await atSite('ec', site => measured(site, { name: 'session', kind: 'session', count }));
    result.sdc_per_s_session = Math.round(rate.perSecond);
    result.rss_mb = Math.round(rate.most);
    result.rss_after_mb = Math.round(rate.after);
  },
  async fresh() {
    const rate = await atSite('ec', site => measured(site, { name: 'fresh', kind: 'fresh', count }));
    result.sdc_per_s_fresh = Math.round(rate.perSecond);
  },
  async rsa() {
    // Sealing as many on the load's side would take minutes.
    const few = Math.ceil(count / 4);
    const rate = await atSite('rsa', site => measured(site, { name: 'rsa', kind: 'session', count: few }));
    result.sdc_per_s_rsa = Math.round(rate.perSecond);
  },
  async bare() {
    const rate = await atSite('ec', site => measured(site, { name: 'bare', kind: 'bare', count }));
    result.bare_msg_per_s = Math.round(rate.perSecond);
  },
  async latency() {
    const latency = await atSite('ec', site => latencyOf(site, say));
    account(latency);
    result.receipt_p50_ms = latency.p50;
    result.receipt_p99_ms = latency.p99;
  },
};

if (!values.filled) {
  for (const name of values.only.split(',')) {
    const part = parts[name];
    if (!part) throw new Error(`no part ${name}: ${Object.keys(parts).join(', ')}`);
    await part();
  }
} else await filled(Number(positionals[0] ?? 10_000_000));

Object.assign(result, {
  cores: availableParallelism(),
  node: process.version,
  at: new Date().toISOString(),
});
if (values.json) console.log(JSON.stringify(result));

async function filled(records: number): Promise<void> {
  const options = { kind: 'session', count } as const;
  const empty = () =>
    atSite('ec', async site => {
      await configure(site, centreSettings());
      return measured(site, { ...options, name: 'empty' });
    });
  const before = await empty();
  const full = await atSite('ec', async site => {
    const { minutes, gigabytes } = await fill(site, records, say);
    say(`filled: ${records} records in ${minutes.toFixed(1)} min, ${gigabytes.toFixed(1)} GB`);
    return measured(site, { ...options, name: 'filled', earlier: records });
  });
  // Filling takes its time, and the machine may be another meanwhile: the empty centre once more.
  const after = await empty();
  const perSecond = (before.perSecond + after.perSecond) / 2;
  result.sdc_per_s_session = Math.round(perSecond);
  result.sdc_per_s_filled = Math.round(full.perSecond);
  result.filled_ratio = Math.round((full.perSecond / perSecond) * 100) / 100;
  say(`filled against empty: ${result.filled_ratio}`);
}

async function measured(site: Site, options: RateOptions): Promise<Rate> {
  const rate = await rateOf(site, options, say);
  account(rate);
  return rate;
}

function account({ lost, twice }: Toll): void {
  result.lost = Number(result.lost) + lost;
  result.twice = Number(result.twice) + twice;
}

async function atSite<T>(keys: 'ec' | 'rsa', work: (site: Site) => Promise<T>): Promise<T> {
  const site = await makeSite(1_000, keys);
  try {
    return await work(site);
  } finally {
    await site.close();
  }
}
