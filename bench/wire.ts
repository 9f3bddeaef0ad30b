/**
 * `npm run bench:wire`: bytes of what goes over the wire, as SDC, on the TLS stream, and as IP packets of a day; seconds
 * to the receipt over a thin link. The last two need network namespaces (Linux, root); without them their keys are
 * missing, and the reason is told. Three minutes.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stationLink } from '../src/station/link-options.ts';
import { startMosquitto } from '../test/site/mosquitto.ts';
import { noThinLink } from '../test/site/thin-link.ts';
import { RemoteOffice, type Volume } from './wire/remote-office.ts';
import { sealSizes } from './wire/sizes.ts';
import { type Bytes, streamSizes } from './wire/stream.ts';

const receiptCount = 10;
/** A centre's day. */
const day = { acts: 20, hours: 8 };
/** 15 kbit/s, 1.2 s there and back; and every twentieth packet lost. */
const thin = { bitsPerSecond: 15_000, roundTripMs: 1_200, loss: 0 };
const lossy = { ...thin, loss: 0.05 };
/** After the PUBACK of an act: its receipt is through, and acknowledged by TCP, before the next one begins. */
const dayPaceMs = 1_500;
const lossyActs = 11;
const lossyPaceMs = 3_500;
const keepAlives = 3;
/** 128 and the number of SIGINT, as shells count. */
const interruptedCode = 130;

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const say = (line: string) => void (values.json || console.log(line));
const result: Record<string, number | string> = {};
/** The last first; also when interrupted. */
const undo: (() => unknown)[] = [];
let undoing = Promise.resolve();
let isInterrupted = false;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void interrupt());
try {
  await stream(await seal());
  const whyNot = noThinLink();
  if (whyNot) say(`day_bytes, thin_receipt_s: not measured, ${whyNot}`);
  else await overThinLink();
} catch (error) {
  // What is being undone under its feet fails.
  if (!isInterrupted) throw error;
} finally {
  await undoAll();
}
if (isInterrupted) process.exit(interruptedCode);
Object.assign(result, {
  cores: availableParallelism(),
  node: process.version,
  at: new Date().toISOString(),
});
if (values.json) console.log(JSON.stringify(result));

async function seal(): Promise<readonly Uint8Array[]> {
  const { births, receipts } = await sealSizes(receiptCount);
  const sizes = births.map(({ length }) => length);
  result.birth_der_bytes = Math.max(...sizes);
  result.receipt_of_10_bytes = Math.round((receipts / receiptCount) * 10) / 10;
  say(`Birth acts of 20 filled fields: ${sizes.join(', ')} bytes as DER (aim: 560)`);
  say(
    `${receiptCount} receipts together: ${receipts} bytes as DER, ${result.receipt_of_10_bytes} each (aim: 60)`,
  );
  return births;
}

async function stream(births: readonly Uint8Array[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'xms-wire-'));
  undo.push(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755); // Mosquitto gives up root
  const starting = startMosquitto(folder, { tls: '127.0.0.1' });
  undo.push(async () => (await starting).close());
  const { firstAct, acts, keepAlive, connection } = await streamSizes(await starting, [
    ...births.slice(0, 1),
    ...births,
  ]);
  result.birth_wire_bytes = Math.max(...acts.map(total));
  say(
    `An act on the TLS 1.3 stream, MQTT 5: ${result.birth_wire_bytes} bytes with its PUBACK (aim: 630);` +
      ` ${acts.map(both).join(', ')}; the first of a connection ${both(firstAct)}`,
  );
  say(`  around the SDC: TLS record 22, PUBLISH with topic alias 11; PUBACK ${acts[0]?.down}`);
  say(`  a keep-alive: ${both(keepAlive)}`);
  say(
    `  a connection, to SUBACK: ${both(connection.station)}; with Node's own key shares ${both(connection.node)};` +
      ` resumed ${both(connection.resumed)}`,
  );
}

async function overThinLink(): Promise<void> {
  const office = await RemoteOffice.open(thin, undo);
  const { connection, each } = await office.keepAlive(keepAlives);
  const { volume } = await office.export(day.acts, dayPaceMs);
  const { keepAliveS } = stationLink({ matricule: 0, url: '' });
  const pings = Math.floor((day.hours * 3600) / keepAliveS);
  const bytes = total(volume) + pings * total(each);
  result.day_bytes = Math.round(bytes);
  const act = (total(volume) - total(connection)) / day.acts;
  say(
    `A day of ${day.acts} acts on one connection of ${day.hours} h: ${result.day_bytes} bytes of IP packets (aim: 40 000)`,
  );
  say(
    `  measured: connection ${both(connection)}, ${day.acts} acts with their receipts ${both(volume)}, that is` +
      ` ${Math.round(act)} an act, ${volume.packets} packets`,
  );
  say(
    `  computed: ${pings} keep-alives (one every ${keepAliveS} s, as if no act came between) of ${both(each)}, as` +
      ` measured ${keepAlives} times`,
  );

  office.conditions = lossy;
  const { waits, volume: retried } = await office.export(lossyActs, lossyPaceMs);
  const sorted = waits.toSorted((a, b) => a - b);
  result.thin_receipt_s = Math.round((sorted[sorted.length >> 1] ?? Number.NaN) * 100) / 100;
  say(
    `An act over 15 kbit/s, 1.2 s there and back, 5 % lost: receipt after ${result.thin_receipt_s} s, the median of` +
      ` ${waits.length} (aim: 5); ${waits.map(s => s.toFixed(1)).join(', ')}`,
  );
  say(
    `  bounded by the way there and back, and by ${Math.round(act)} bytes at 15 kbit/s, ${((act * 8) / thin.bitsPerSecond).toFixed(1)} s` +
      ` (${Math.round((total(retried) - total(connection)) / lossyActs)} with what is sent again); each loss costs TCP a timeout`,
  );
}

function total({ up, down }: Bytes | Volume): number {
  return up + down;
}

function both({ up, down }: Bytes | Volume): string {
  return `${Math.round(up)} up + ${Math.round(down)} down`;
}

/** One step at a time, whoever calls; what one leaves behind must not keep the others from their end. */
function undoAll(): Promise<void> {
  undoing = undoing.then(async () => {
    for (let step = undo.pop(); step; step = undo.pop()) {
      try {
        await step();
      } catch (error) {
        if (!isInterrupted) console.error(error);
      }
    }
  });
  return undoing;
}

async function interrupt(): Promise<void> {
  isInterrupted = true;
  await undoAll();
  process.exit(interruptedCode);
}
