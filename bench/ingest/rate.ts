/** Everything at once: how fast it is filed, billed and receipted, at what cost, and in how much memory. */
import { join } from 'node:path';
import { settled } from '../../test/site/account.ts';
import { Collector, Senders } from '../../test/site/load.ts';
import { cpuSeconds, residentMb } from '../../test/site/process.ts';
import type { Site } from '../../test/site/site.ts';
import { type Toll, tollOf } from './account.ts';
import { type Kind, makeLoad } from './load.ts';

export interface Rate extends Toll {
  readonly perSecond: number;
  /** Resident memory of the engine at that load, and a while after: MB. */
  readonly most: number;
  readonly after: number;
}

export interface RateOptions {
  readonly name: string;
  readonly kind: Kind;
  readonly count: number;
  /** Records that are filed already; those that are sent are numbered from there. */
  readonly earlier?: number;
}

/** Sent before, by each office: code compiled, accounts and certificates known, as in an engine that has run for days. */
const warmEach = 10;
/** Unanswered messages of each of the four connections. */
const window = 100;
const bareEngine = join(import.meta.dirname, 'bare-engine.ts');

export async function rateOf(
  site: Site,
  { name, kind, count, earlier = 0 }: RateOptions,
  say: (line: string) => void,
): Promise<Rate> {
  const warm = await makeLoad(site, kind, warmEach * site.offices.length, earlier + 1);
  const load = await makeLoad(site, kind, count, earlier + 1 + warmEach);
  const sent = warm.length + load.length;
  const engine = await site.startEngine(undefined, kind === 'bare' ? bareEngine : undefined);
  const senders = await Senders.connect(site.broker.url, 4);
  const collector = await Collector.connect(site.broker.url);
  await senders.send(warm, window);
  await settled(site, warm.length);
  const memory = watchMemory(engine.pid);
  const before = cpus(site, engine.pid);
  const walBefore = await written(site);
  const receipts = collector.arrived.length;
  const startedAt = performance.now();
  await senders.send(load, window);
  const published = performance.now();
  await settled(site, sent);
  const seconds = (performance.now() - startedAt) / 1000;
  const used = cpus(site, engine.pid);
  const most = memory();
  const perSecond = load.length / seconds;
  say(
    `${name}: ${Math.round(perSecond)} SDC/s, ${load.length} in ${seconds.toFixed(1)} s (at the broker after ${((published - startedAt) / 1000).toFixed(1)} s), ${collector.arrived.length - receipts} receipt messages`,
  );
  const costs = parts.map(part => `${part} ${Math.round(((used[part] - before[part]) / load.length) * 1e6)}`);
  say(`  CPU per SDC, µs: ${costs.join(', ')}`);
  const wal = await written(site);
  const each = (what: keyof Written) => (wal[what] - walBefore[what]) / load.length;
  say(
    `  WAL per SDC: ${(each('bytes') / 1000).toFixed(1)} kB, ${each('pages').toFixed(2)} pages written whole`,
  );
  const toll = await tollOf(site, sent, earlier, say);
  const after = residentMb(engine.pid);
  say(`  engine ${Math.round(most)} MB at most, ${Math.round(after)} MB after`);
  await senders.close();
  await collector.close();
  return { perSecond, most, after, ...toll };
}

const parts = ['engine', 'postgres', 'broker', 'load'] as const;

/** Seconds so far. */
function cpus(site: Site, engine: number): Record<(typeof parts)[number], number> {
  const own = process.cpuUsage();
  return {
    engine: cpuSeconds(engine),
    postgres: cpuSeconds(site.postgres.pid, true),
    broker: cpuSeconds(site.broker.pid),
    load: (own.user + own.system) / 1e6,
  };
}

interface Written {
  readonly bytes: number;
  readonly pages: number;
}

/** PostgreSQL's write-ahead log so far. */
async function written(site: Site): Promise<Written> {
  const [row] = await site.documents.query<Written & Record<string, unknown>>(
    'select wal_bytes::float8 as bytes, wal_fpi::float8 as pages from pg_stat_wal',
  );
  return { bytes: Number(row?.bytes), pages: Number(row?.pages) };
}

/** Call the result for the highest resident memory seen. */
function watchMemory(pid: number): () => number {
  let most = residentMb(pid);
  const timer = setInterval(() => {
    most = Math.max(most, residentMb(pid));
  }, 200);
  return () => {
    clearInterval(timer);
    return Math.max(most, residentMb(pid));
  };
}
