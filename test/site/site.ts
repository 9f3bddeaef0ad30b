/** A whole site for fault tests and benchmarks: embedded PostgreSQL with fsync, Mosquitto, clients with keys, engines. */
import type { KeyObject } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverKeys } from '../../src/cli/server-keys.ts';
import { DataFolder } from '../../src/config.ts';
import { Database } from '../../src/db/database.ts';
import { selectBroker } from '../../src/db/system/setting.ts';
import type { Certificate } from '../../src/pki/certificate.ts';
import { type RunningEngine, startEngine } from './engine.ts';
import { enrol, type Office } from './enrol.ts';
import { type Mosquitto, type MosquittoOptions, startMosquitto } from './mosquitto.ts';
import { makeDatabases, type SitePostgres, startPostgres } from './postgres.ts';

export interface SiteOptions extends MosquittoOptions {
  /** Connections of the test itself to each database. */
  readonly connections?: number;
}

export interface Site {
  readonly server: Certificate;
  readonly serverKey: KeyObject;
  readonly offices: readonly Office[];
  readonly broker: Mosquitto;
  readonly postgres: SitePostgres;
  readonly system: Database;
  readonly documents: Database;
  /** A folder that goes with the site, and that PostgreSQL's account may enter. */
  readonly home: string;
  /** The way that engines which start from now on take: past a wire that the test tampers with. */
  route(way: { readonly brokerUrl?: string; readonly postgresPort?: number }): Promise<void>;
  /** Starts the built engine, or what a benchmark has instead; resolves when it runs. */
  startEngine(name?: string, program?: string): Promise<RunningEngine>;
  close(): Promise<void>;
}

export async function makeSite(count: number, keys: 'ec' | 'rsa', options: SiteOptions = {}): Promise<Site> {
  const home = mkdtempSync(join(tmpdir(), 'xms-site-'));
  /** What is to be undone, the last first. */
  const undo: (() => unknown)[] = [() => rmSync(home, { recursive: true, force: true })];
  const close = async () => {
    const faults: unknown[] = [];
    for (const step of undo.splice(0).reverse()) {
      // What one of them leaves behind must not keep the others from ending.
      try {
        await step();
      } catch (fault) {
        faults.push(fault);
      }
    }
    if (faults.length > 0) throw faults[0];
  };
  try {
    return await build(home, count, keys, options, undo, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  home: string,
  count: number,
  keys: 'ec' | 'rsa',
  options: SiteOptions,
  undo: (() => unknown)[],
  close: () => Promise<void>,
): Promise<Site> {
  chmodSync(home, 0o755); // PostgreSQL's account must get here
  const folder = new DataFolder(join(home, 'XMSData'));
  const postgres = await startPostgres(folder);
  undo.push(() => postgres.close());
  const { password, ...server } = postgres.server;
  folder.set({ database: server });
  await makeDatabases(postgres.server);
  const open = (database: string) => {
    const opened = new Database({ ...server, password, database }, 'test', options.connections);
    undo.push(() => opened.close());
    return opened;
  };
  const [system, documents] = [open('XMServerSystem'), open('XMServerData')];
  const broker = await startMosquitto(home, options);
  undo.push(() => broker.close());
  await selectBroker(system, { url: broker.url });
  const own = serverKeys(folder, Date.now());
  const offices = await enrol(system, count, keys, own.store.authority());
  return {
    server: own.signer.certificate,
    serverKey: own.signer.privateKey,
    offices,
    broker,
    postgres,
    system,
    documents,
    home,
    async route({ brokerUrl, postgresPort }) {
      if (brokerUrl !== undefined) await selectBroker(system, { url: brokerUrl });
      if (postgresPort !== undefined) folder.set({ database: { ...server, port: postgresPort } });
    },
    async startEngine(name, program) {
      const engine = await startEngine(folder, name, program);
      undo.push(() => engine.stop());
      return engine;
    },
    close,
  };
}
