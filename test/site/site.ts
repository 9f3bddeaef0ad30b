/** A whole site for fault tests and benchmarks: embedded PostgreSQL with fsync, Mosquitto, clients with keys, engines. */
import { spawn } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serverKeys } from '../../src/cli/server-keys.ts';
import { DataFolder } from '../../src/config.ts';
import type { PublicKeyRef } from '../../src/core/ports.ts';
import { Database } from '../../src/db/database.ts';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate, migrationsOf } from '../../src/db/migrate.ts';
import { selectBroker } from '../../src/db/system/setting.ts';
import { issueCertificate } from '../../src/pki/authority.ts';
import { makeKey } from '../../src/pki/key-file.ts';
import { type Mosquitto, startMosquitto } from './mosquitto.ts';

const root = dirname(dirname(import.meta.dirname));

export interface Office {
  readonly matricule: number;
  readonly keyId: Uint8Array;
  readonly privateKey: KeyObject;
}

export interface RunningEngine {
  readonly pid: number;
  /** Resolves when it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

export interface Site {
  readonly server: PublicKeyRef;
  readonly offices: readonly Office[];
  readonly broker: Mosquitto;
  readonly system: Database;
  readonly documents: Database;
  readonly postgresPid: number;
  /** Starts the built engine; resolves when it runs. */
  startEngine(name?: string): Promise<RunningEngine>;
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
  const engines: RunningEngine[] = [];
  return {
    server: own.signer.certificate,
    offices,
    broker,
    system,
    documents,
    postgresPid: postgres.pid,
    async startEngine(name) {
      const engine = await startEngine(folder, name);
      engines.push(engine);
      return engine;
    },
    async close() {
      for (const engine of engines) await engine.end('SIGTERM');
      await Promise.all([system.close(), documents.close()]);
      await broker.close();
      await stopEmbeddedPostgres(postgres);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function startEngine(folder: DataFolder, name: string | undefined): Promise<RunningEngine> {
  const args = ['engine', '--data', folder.path, ...(name === undefined ? [] : ['--engine', name])];
  const child = spawn(process.execPath, [join(root, 'bin', 'xmserver.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>(resolve => child.on('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: Buffer) => text.includes(' running') && resolve());
    child.on('exit', code => reject(new Error(`engine ended with ${code}`)));
  });
  return {
    pid: child.pid as number,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await ended;
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
