/** A whole site for a benchmark: embedded PostgreSQL with fsync, Mosquitto, 1 000 clients with keys, an engine. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serverKeys } from '../src/cli/server-keys.ts';
import { DataFolder } from '../src/config.ts';
import type { PublicKeyRef } from '../src/core/ports.ts';
import { Database } from '../src/db/database.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { migrate, migrationsOf } from '../src/db/migrate.ts';
import { selectBroker } from '../src/db/system/setting.ts';
import { issueCertificate } from '../src/pki/authority.ts';
import { makeKey } from '../src/pki/key-file.ts';
import { type Mosquitto, startMosquitto } from './mosquitto.ts';

const root = dirname(import.meta.dirname);

export interface Office {
  readonly matricule: number;
  readonly keyId: Uint8Array;
  readonly privateKey: KeyObject;
}

export interface Site {
  readonly server: PublicKeyRef;
  readonly offices: readonly Office[];
  readonly broker: Mosquitto;
  readonly system: Database;
  readonly documents: Database;
  readonly postgresPid: number;
  /** Starts the built engine; resolves when it runs. */
  startEngine(): Promise<ChildProcess>;
  close(): Promise<void>;
}

export async function makeSite(count: number, keys: 'ec' | 'rsa'): Promise<Site> {
  const home = mkdtempSync(join(tmpdir(), 'xms-bench-'));
  chmodSync(home, 0o755); // PostgreSQL's account must get here
  const folder = new DataFolder(join(home, 'XMSData'));
  const postgres = await startEmbeddedPostgres({
    folder: folder.at('postgres'),
    passwordFile: folder.at('secrets', 'database-password'),
    logFile: folder.at('log', 'postgres.log'),
    preferredPort: 0,
  });
  const { password, ...server } = postgres.server;
  folder.set({ database: server });
  for (const [database, set] of [
    ['XMServerSystem', 'system'],
    ['XMServerData', 'data'],
  ] as const) {
    await migrate({ ...server, password, database }, migrationsOf(join(root, 'sql'), set));
  }
  const system = new Database({ ...server, password, database: 'XMServerSystem' }, 'bench');
  const documents = new Database({ ...server, password, database: 'XMServerData' }, 'bench');
  const broker = await startMosquitto(home);
  await selectBroker(system, { url: broker.url });
  const own = serverKeys(folder, Date.now());
  const offices = await enrol(system, count, keys, own.store.authority());
  const engines: ChildProcess[] = [];
  return {
    server: own.signer.certificate,
    offices,
    broker,
    system,
    documents,
    postgresPid: postgres.pid,
    async startEngine() {
      const engine = spawn(
        process.execPath,
        [join(root, 'bin/xmserver.js'), 'engine', '--data', folder.path],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      engines.push(engine);
      await new Promise<void>((resolve, reject) => {
        engine.stdout?.on('data', (text: Buffer) => text.includes(' running') && resolve());
        engine.on('exit', code => reject(new Error(`engine ended with ${code}`)));
      });
      return engine;
    },
    async close() {
      for (const engine of engines) {
        const ended = new Promise(resolve => engine.on('exit', resolve));
        if (engine.exitCode === null && engine.kill('SIGTERM')) await ended;
      }
      await Promise.all([system.close(), documents.close()]);
      await broker.close();
      await stopEmbeddedPostgres(postgres);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Clients with accounts, certificates and the right to write births: in a few statements, for there are many. */
async function enrol(
  system: Database,
  count: number,
  kind: 'ec' | 'rsa',
  authority: Parameters<typeof issueCertificate>[0],
): Promise<Office[]> {
  // RSA keys take a second each to make: some offices share one, which no step of the engine can tell.
  const pairs = Array.from({ length: kind === 'ec' ? count : 20 }, () => makeKey(kind));
  const now = Date.now();
  const offices: Office[] = [];
  await system.query(
    `insert into client (matricule, nom, status) select 10000 + i, 'Centre ' || i, 2 from generate_series(0, $1 - 1) i`,
    [count],
  );
  await system.query('insert into account (client) select matricule from client');
  await system.query(
    `insert into access_right (client, table_name, may_write) select matricule, 'Naissance', true from client`,
  );
  const certificates = pairs.map((pair, i) =>
    issueCertificate(authority, {
      subject: { commonName: `Centre ${i}`, serialNumber: `${10_000 + i}` },
      publicKey: pair.publicKey,
      role: 'station',
      notBefore: now - 3_600_000,
      notAfter: now + 86_400_000_000 / 1000,
    }),
  );
  for (const [i, certificate] of certificates.entries()) {
    await system.query(
      `insert into certificate (key_id, client, spki, der, not_before, not_after) values ($1, $2, $3, $4, $5, $6)`,
      [
        certificate.keyId,
        10_000 + i,
        certificate.spki,
        certificate.der,
        new Date(certificate.notBefore),
        new Date(certificate.notAfter),
      ],
    );
    offices.push({
      matricule: 10_000 + i,
      keyId: certificate.keyId,
      privateKey: (pairs[i] as (typeof pairs)[number]).privateKey,
    });
  }
  return offices;
}

/** CPU seconds that a process and, for PostgreSQL, its children have used. */
export function cpuSeconds(pid: number, withChildren = false): number {
  const ticks = (id: number) => {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const children = withChildren ? Number(fields[13]) + Number(fields[14]) : 0;
      return Number(fields[11]) + Number(fields[12]) + children;
    } catch {
      return 0;
    }
  };
  let total = ticks(pid);
  if (withChildren) {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    for (const child of list === '' ? [] : list.split(' ')) total += ticks(Number(child));
  }
  return total / 100;
}

/** Resident memory in MB. */
export function residentMb(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) / 1024;
}
