/**
 * `npm run bench:ingest`: sealed birth acts of 1 000 offices through a real broker, the built engine and a PostgreSQL
 * that writes every commit to disk; rate, latency of the receipts, memory, and an account of every message.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createOpener } from '../src/sdc/opener.ts';
import { accountOf, settled } from '../test/site/account.ts';
import { Collector, Senders, sealLoad } from '../test/site/load.ts';
import { cpuSeconds, residentMb } from '../test/site/process.ts';
import { makeSite, type Site } from '../test/site/site.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    count: { type: 'string', default: '30000' },
    only: { type: 'string' },
  },
});
const count = Number(values.count);
const say = (line: string) => void (values.json || console.log(line));
const result: Record<string, number | string> = {};

if (wanted('session')) await rate('session', 'ec', true);
if (wanted('fresh')) await rate('fresh', 'ec', false);
if (wanted('rsa')) await rate('rsa', 'rsa', true);
if (wanted('latency')) await latency();

Object.assign(result, {
  cores: availableParallelism(),
  node: process.version,
  at: new Date().toISOString(),
});
if (values.json) console.log(JSON.stringify(result));

function wanted(name: string): boolean {
  return values.only === undefined || values.only === name;
}

/** Everything at once: how fast it is filed, billed and receipted. */
async function rate(name: string, keys: 'ec' | 'rsa', sessionKeys: boolean): Promise<void> {
  const site = await makeSite(1_000, keys);
  try {
    const load = await sealLoad(site, keys === 'rsa' ? Math.ceil(count / 4) : count, sessionKeys, 1);
    const engine = await site.startEngine();
    const senders = await Senders.connect(site.broker.url, 4);
    const collector = await Collector.connect(site.broker.url);
    const before = cpus(site, engine.pid);
    const startedAt = performance.now();
    const memory = watchMemory(engine.pid);
    await senders.send(load, 100);
    const published = performance.now();
    await settled(site, load.length);
    const seconds = (performance.now() - startedAt) / 1000;
    const after = cpus(site, engine.pid);
    const rss = memory();
    await account(site, load.length);
    result[`sdc_per_s_${name}`] = Math.round(load.length / seconds);
    result.rss_mb = Math.max(Number(result.rss_mb ?? 0), Math.round(rss));
    say(
      `${name}: ${Math.round(load.length / seconds)} SDC/s, ${load.length} in ${seconds.toFixed(1)} s (at the broker after ${((published - startedAt) / 1000).toFixed(1)} s), ${collector.arrived.length} receipt messages, engine ${Math.round(rss)} MB`,
    );
    say(
      `  CPU s per 1 000: ${Object.entries(after)
        .map(
          ([part, s]) =>
            `${part} ${(((s - (before[part as keyof typeof before] ?? 0)) / load.length) * 1000).toFixed(3)}`,
        )
        .join('  ')}`,
    );
    await senders.close();
    await collector.close();
  } finally {
    await site.close();
  }
}

/** At 500 a second: how long from the publish of an act to the arrival of its receipt. */
async function latency(): Promise<void> {
  const site = await makeSite(1_000, 'ec');
  try {
    const load = await sealLoad(site, 7_500, true, 1);
    await site.startEngine();
    const senders = await Senders.connect(site.broker.url, 4);
    const collector = await Collector.connect(site.broker.url);
    await senders.send(load.slice(0, 1_500), 10); // caches and connections warm, as in daily use
    await settled(site, 1_500);
    const sentAt = new Map<string, number>();
    await senders.pace(load.slice(1_500), 500, ({ id }) => sentAt.set(id, performance.now()));
    await settled(site, load.length);
    const waits = await receiptWaits(site, collector, sentAt);
    waits.sort((a, b) => a - b);
    result.receipt_p50_ms = round(waits[Math.floor(waits.length * 0.5)] ?? NaN);
    result.receipt_p99_ms = round(waits[Math.floor(waits.length * 0.99)] ?? NaN);
    say(
      `latency at 500/s: p50 ${result.receipt_p50_ms} ms, p99 ${result.receipt_p99_ms} ms (${waits.length} receipts)`,
    );
    await senders.close();
    await collector.close();
  } finally {
    await site.close();
  }
}

/** The receipts are opened afterwards: their opening must not slow down what is measured. */
async function receiptWaits(
  site: Site,
  collector: Collector,
  sentAt: Map<string, number>,
): Promise<number[]> {
  const waits: number[] = [];
  const offices = new Map(site.offices.map(office => [office.matricule, office]));
  for (const { at, topic, sdc } of collector.arrived) {
    const office = offices.get(Number(topic.split('/')[2]));
    if (!office) continue;
    const [opened] = await createOpener({ recipients: [office] }).open(
      [{ sdc, isBatch: false }],
      async () => [site.server],
    );
    if (!opened?.ok || opened.message.service !== 'RECEIPT') throw new Error(`a receipt that does not open`);
    for (const { about } of opened.message.receipts) {
      const sent = sentAt.get(Buffer.from(about).toString('hex'));
      if (sent !== undefined) waits.push(at - sent);
    }
  }
  return waits;
}

async function account(site: Site, expected: number): Promise<void> {
  const { filed, distinct, receipted, billed } = await accountOf(site);
  result.lost = Number(result.lost ?? 0) + (expected - distinct);
  result.twice = Number(result.twice ?? 0) + (filed - distinct);
  say(
    `  sent ${expected}, filed ${filed}, billed ${billed}, receipted ${receipted}, lost ${expected - distinct}, twice ${filed - distinct}`,
  );
  if (billed !== expected || receipted !== expected) throw new Error('the account does not balance');
}

function cpus(site: Site, engine: number): Record<'engine' | 'postgres' | 'broker' | 'load', number> {
  const own = process.cpuUsage();
  return {
    engine: cpuSeconds(engine),
    postgres: cpuSeconds(site.postgres.pid, true),
    broker: cpuSeconds(site.broker.pid),
    load: (own.user + own.system) / 1e6,
  };
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

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
