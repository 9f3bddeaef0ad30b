/** Stations that lose what they were told: their receipts, their sessions, their whole database. */
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/db/database.ts';
import { accountOf, filed, refusals, settled, wholeAccount } from '../site/account.ts';
import type { Office } from '../site/enrol.ts';
import { Collector } from '../site/load.ts';
import { ReceiptBook } from '../site/receipts.ts';
import { makeSite, type Site } from '../site/site.ts';
import { Station } from '../site/station.ts';
import { losing, packetTypes } from '../site/tampers.ts';
import { honest, Wire } from '../site/wire.ts';
import { until } from '../until.ts';
import { scaled } from './scale.ts';

const each = scaled({ short: 40, full: 400 });

describe('a station', () => {
  let site: Site;
  let wire: Wire;
  let collector: Collector;
  let sent = 0;
  const stations: Station[] = [];
  beforeAll(async () => {
    site = await makeSite(3, 'ec');
    await site.startEngine();
    wire = await Wire.to(Number(new URL(site.broker.url).port));
    collector = await Collector.connect(site.broker.url);
  });
  afterAll(async () => {
    for (const station of stations) await station.close();
    await collector?.close();
    await wire?.close();
    await site?.close();
  });

  it('that loses its receipts gets the same again, byte for byte', async () => {
    const [station, office] = await install(0, { brokerUrl: wire.url });
    wire.tamper = losing('server', packetTypes.publish);
    await station.write(each);
    const exporting = station.export();
    await filed(site, sent + each);
    await settled(site, sent + each);
    expect(await station.count(4)).toBe(0);
    // Whoever comes with a station's name and wants no session ends the one that was.
    await forgetSession(site, `xms-${office.matricule}`);
    wire.tamper = honest;
    wire.cut();
    expect(await exporting).toBe(0);
    await balanced(each);
    expect(await station.count(4)).toBe(each);

    const kept = await station.database.query<{ id: string }>(
      `select encode(message_id, 'hex') as id from xms.kept`,
    );
    const book = new ReceiptBook(site, collector);
    await book.until(kept.map(({ id }) => id));
    for (const { id } of kept) {
      const told = book.of(id);
      expect(told.length).toBeGreaterThan(1);
      expect(new Set(told.map(({ sdc }) => sdc.toString('hex'))).size).toBe(1);
    }
  }, 60_000);

  it('that is restored from a backup taken before the export files nothing twice, and is charged nothing', async () => {
    const [station] = await install(1);
    await station.write(each);
    await station.backUp();
    expect(await station.export()).toBe(0);
    await balanced(each);
    const numeros = await serverNumeros(station);
    await station.restore();
    expect(await station.count(2)).toBe(each);
    expect(await station.export()).toBe(0);
    await balanced(0);
    expect(await station.count(4)).toBe(each);
    expect(await serverNumeros(station)).toEqual(numeros);
  }, 60_000);

  it('whose database is away while receipts come in takes them when it is back', async () => {
    // It sends nothing again: what it misses, it misses.
    const [station] = await install(2, { retryMs: 600_000 });
    await station.write(each);
    await command('pause');
    const exporting = station.export();
    await station.sent(each);
    const { database } = station.settings;
    await onServer(
      `alter database "${database}" allow_connections false`,
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '${database}'`,
    );
    await command('resume');
    await station.events.until(({ kind }) => kind === 'ignored');
    await onServer(`alter database "${database}" allow_connections true`);
    expect(await exporting).toBe(0);
    await balanced(each);
    expect(await station.count(4)).toBe(each);
  }, 60_000);

  /** Resolves when the engine has carried it out. */
  async function command(verb: 'pause' | 'resume'): Promise<void> {
    await site.system.query('insert into command (verb) values ($1)', [verb]);
    const query = `select from engine where status ->> 'state' = $1`;
    const state = verb === 'pause' ? 'paused' : 'running';
    await until(async () => (await site.system.query(query, [state])).length > 0);
  }

  async function onServer(...statements: string[]): Promise<void> {
    const server = new Database({ ...site.postgres.server, database: 'postgres' }, 'test', 1);
    for (const statement of statements) await server.query(statement);
    await server.close();
  }

  async function install(at: number, options = {}): Promise<[Station, Office]> {
    const office = site.offices[at] as Office;
    const station = await Station.install(site, office, options);
    stations.push(station);
    return [station, office];
  }

  async function balanced(added: number): Promise<void> {
    sent += added;
    await settled(site, sent);
    expect(await accountOf(site)).toEqual(wholeAccount(sent));
    expect(await refusals(site)).toEqual([]);
  }
});

async function forgetSession(site: Site, clientId: string): Promise<void> {
  const { hostname, port } = new URL(site.broker.url);
  const client = await mqtt.connectAsync({ host: hostname, port: Number(port), clientId, clean: true });
  await client.endAsync();
}

async function serverNumeros(station: Station): Promise<unknown[]> {
  return station.database.query('select numero, server_numero from xms.kept order by numero');
}
