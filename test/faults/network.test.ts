/** Networks that tear, delay and cut; deliveries that come twice, late, or in another order. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accountOf, refusals, settled, settledEarly, wholeAccount } from '../site/account.ts';
import type { RunningEngine } from '../site/engine.ts';
import { type LoadMessage, Senders, sealLoad } from '../site/load.ts';
import { makeSite, type Site } from '../site/site.ts';
import { Station } from '../site/station.ts';
import { cuttingAfter, delaying, halving, losing, packetTypes } from '../site/tampers.ts';
import { honest, type Tamper, Wire } from '../site/wire.ts';
import { isShort, scaled, tell } from './scale.ts';

const each = scaled({ short: 120, full: 1_000 });
/** Connections that are cut. */
const times = scaled({ short: 1, full: 4 });
const eachStation = scaled({ short: 20, full: 150 });

describe('a bad network', () => {
  let site: Site;
  let engine: RunningEngine;
  let station: Station;
  let senders: Senders;
  const wires = {} as { engineBroker: Wire; enginePostgres: Wire; stationBroker: Wire };
  let sent = 0;

  beforeAll(async () => {
    site = await makeSite(20, 'ec');
    const brokerPort = Number(new URL(site.broker.url).port);
    wires.engineBroker = await Wire.to(brokerPort);
    wires.enginePostgres = await Wire.to(site.postgres.server.port);
    wires.stationBroker = await Wire.to(brokerPort);
    await site.route({ brokerUrl: wires.engineBroker.url, postgresPort: wires.enginePostgres.port });
    engine = await site.startEngine();
    const office = site.offices[0];
    if (!office) throw new Error('no office');
    station = await Station.install(site, office, { brokerUrl: wires.stationBroker.url });
    senders = await Senders.connect(site.broker.url, 2);
  });
  afterAll(async () => {
    await senders?.close();
    await station?.close();
    await engine?.stop();
    for (const wire of Object.values(wires)) await wire.close();
    await site?.close();
  });

  afterEach(() => {
    for (const wire of Object.values(wires)) wire.tamper = honest;
  });

  it.each<[string, (keyof typeof wires)[], Tamper]>([
    ['everything comes in halves', ['engineBroker', 'enginePostgres', 'stationBroker'], halving],
    ['everything takes 20 ms more', ['engineBroker', 'enginePostgres', 'stationBroker'], delaying(20)],
    [
      'cut between engine and broker',
      ['engineBroker'],
      atFirst(2 * times, cuttingAfter(cuts([700, 70_000, 150, 9_000]))),
    ],
    [
      'cut between engine and PostgreSQL',
      ['enginePostgres'],
      atFirst(20, cuttingAfter(cuts([90_000, 15_000, 200_000]))),
    ],
    ['cut between station and broker', ['stationBroker'], cuttingAfter(cuts([2_500, 12_000, 700]))],
    [
      'PUBACKs of the engine lost',
      ['engineBroker'],
      atFirst(2 * times, losing('client', packetTypes.puback, 40)),
    ],
    [
      'PUBACKs of the broker lost',
      ['engineBroker', 'stationBroker'],
      atFirst(4 * times, losing('server', packetTypes.puback, 5)),
    ],
  ])(
    '%s',
    async (name, names, tamper) => {
      const before = Object.values(wires).map(wire => wire.count);
      for (const wire of names) wires[wire].tamper = tamper;
      await connectAnew(names);
      const startedAt = performance.now();
      await Promise.all([sendLoad(load => load), exportAll()]);
      await balanced();
      const connections = Object.values(wires).map((wire, i) => wire.count - (before[i] ?? 0));
      tell(
        `${name}: ${Math.round(performance.now() - startedAt)} ms, ${connections.join(' + ')} connections`,
      );
    },
    scaled({ short: 60_000, full: 180_000 }),
  );

  it.skipIf(isShort)(
    'connections that are dead, and nobody says so',
    async () => {
      await sendLoad(load => load);
      await balanced();
      const startedAt = performance.now();
      wires.engineBroker.freeze();
      wires.enginePostgres.freeze();
      await sendLoad(load => load);
      await settled(site, sent, 240_000);
      await balanced();
      // The broker's keep-alive is 60 s, and a statement is given up after 120 s.
      tell(`dead connections: all filed after ${Math.round((performance.now() - startedAt) / 1000)} s`);
    },
    300_000,
  );

  it('deliveries doubled and out of order', async () => {
    // Backwards in pieces, and every third one twice.
    await sendLoad(load =>
      [...load].reverse().flatMap((one, i) => (i % 3 === 0 ? [one, load[i] as LoadMessage] : [one])),
    );
    await balanced();
  }, 60_000);

  /** The engine by a new start: after each cut it would wait longer. */
  async function connectAnew(names: readonly (keyof typeof wires)[]): Promise<void> {
    if (names.includes('engineBroker')) {
      await engine.stop();
      engine = await site.startEngine();
    }
    for (const wire of names) if (wire !== 'engineBroker') wires[wire].cut();
  }

  async function sendLoad(arranged: (load: LoadMessage[]) => LoadMessage[]): Promise<void> {
    const load = await sealLoad(site, each, true, sent * 1_000 + 1_000_000);
    sent += each;
    await senders.send(arranged(load), 20);
  }

  async function exportAll(): Promise<void> {
    await station.write(eachStation);
    sent += eachStation;
    expect(await station.export()).toBe(0);
  }

  async function balanced(): Promise<void> {
    await scaled({ short: settledEarly, full: settled })(site, sent);
    expect(await accountOf(site)).toEqual(wholeAccount(sent));
    expect(await refusals(site)).toEqual([]);
  }
});

/** These lengths in turn. */
function cuts(lengths: readonly number[]): () => number {
  let at = 0;
  return () => lengths[at++ % lengths.length] as number;
}

/** The first so many directions of connections; then honest. */
function atFirst(count: number, tamper: Tamper): Tamper {
  let left = count;
  return passage => (left-- > 0 ? tamper(passage) : honest(passage));
}
