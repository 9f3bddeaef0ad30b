/** At 500 a second: how long from the publish of an act to the arrival of its receipt. */
import { createOpener } from '../../src/sdc/opener.ts';
import { settled } from '../../test/site/account.ts';
import { Collector, Senders } from '../../test/site/load.ts';
import type { Site } from '../../test/site/site.ts';
import { type Toll, tollOf } from './account.ts';
import { makeLoad } from './load.ts';

export interface Latency extends Toll {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

const perSecond = 500;
const count = 6_000;
/** Sent before: caches and connections warm, as in daily use. */
const warm = 1_500;

export async function latencyOf(site: Site, say: (line: string) => void): Promise<Latency> {
  const load = await makeLoad(site, 'session', warm + count, 1);
  await site.startEngine();
  const senders = await Senders.connect(site.broker.url, 4);
  const collector = await Collector.connect(site.broker.url);
  await senders.send(load.slice(0, warm), 10);
  await settled(site, warm);
  const sentAt = new Map<string, number>();
  await senders.pace(load.slice(warm), perSecond, ({ id }) => sentAt.set(id, performance.now()));
  await settled(site, load.length);
  const waits = (await receiptWaits(site, collector, sentAt)).sort((a, b) => a - b);
  const [p50, p99] = [percentile(waits, 0.5), percentile(waits, 0.99)];
  say(`latency at ${perSecond}/s: p50 ${p50} ms, p99 ${p99} ms (${waits.length} receipts)`);
  if (waits.length !== count) throw new Error(`${count - waits.length} receipts did not arrive`);
  const toll = await tollOf(site, load.length, 0, say);
  await senders.close();
  await collector.close();
  return { p50, p99, ...toll };
}

/** The receipts are opened afterwards: their opening must not slow down what is measured. */
async function receiptWaits(
  site: Site,
  collector: Collector,
  sentAt: ReadonlyMap<string, number>,
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
    if (!opened?.ok || opened.message.service !== 'RECEIPT') throw new Error('a receipt that does not open');
    for (const { about } of opened.message.receipts) {
      const sent = sentAt.get(Buffer.from(about).toString('hex'));
      if (sent !== undefined) waits.push(at - sent);
    }
  }
  return waits;
}

/** Rounded to a tenth. */
function percentile(sorted: readonly number[], part: number): number {
  return Math.round((sorted[Math.floor(sorted.length * part)] ?? Number.NaN) * 10) / 10;
}
