/** Trial data: the guide's operator, one client, and his station with birth acts to export. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DataFolder, StationFolder } from '../config.ts';
import type { StartStep } from '../core/console-ports.ts';
import { trialOperator } from '../core/operator.ts';
import { hashPassword } from '../core/password.ts';
import type { Database, DatabaseSettings } from '../db/database.ts';
import { migrate, migrationsOf } from '../db/migrate.ts';
import { createClient, grantWrite, readClients, registerCertificate } from '../db/system/directory.ts';
import { createOperator, writeJournal } from '../db/system/operator.ts';
import { readSettings, writeSettings } from '../db/system/setting.ts';
import { packageFolder } from '../environment.ts';
import { issueCertificate } from '../pki/authority.ts';
import { readCertificate } from '../pki/certificate.ts';
import { KeyStore } from '../pki/key-store.ts';
import { accountOf, brokerAccounts } from './broker-accounts.ts';
import type { ServerKeys } from './server-keys.ts';

export const trialClient = {
  matricule: 1000,
  nom: 'Mbalmayo II',
  ville: 'Mbalmayo',
  telephone: '+237 699 00 00 00',
  status: 2,
} as const;

const stationDatabase = 'ECRData';
const tables = ['Naissance', 'Mariage', 'Deces'];
const yearMs = 365.25 * 86_400_000;

interface TrialParts {
  readonly folder: DataFolder;
  readonly server: Omit<DatabaseSettings, 'database'>;
  readonly system: Database;
  readonly keys: ServerKeys;
  readonly report: (step: StartStep) => void;
}

/** Files what is missing of it; each step finds what an earlier start has done. */
export async function fileTrial({ folder, server, system, keys, report }: TrialParts): Promise<void> {
  const station = new StationFolder(folder.at('station'));
  // Another database than the rest: whoever waits for a login screen does not wait for both in turn.
  const database = migrateStation(server);
  database.catch(() => undefined); // awaited below, after what else may fail
  await fileOperatorAndClient(system);
  report({ id: 'trial', state: 'running', progress: '1 / 3' });
  await fileCertificate(station, system, keys);
  report({ id: 'trial', state: 'running', progress: '2 / 3' });
  await database;
  installStation(folder, station, server, keys);
  report({ id: 'trial', state: 'running', progress: '3 / 3' });
}

async function fileOperatorAndClient(system: Database): Promise<void> {
  const { trial } = await readSettings(system);
  if (trial) return;
  const { userName, name, privilege, password } = trialOperator;
  await createOperator(system, { userName, name, privilege, passwordHash: await hashPassword(password) });
  const known = await system.query('select from client where matricule = $1', [trialClient.matricule]);
  if (known.length === 0) await createClient(system, trialClient);
  await grantWrite(system, trialClient.matricule, tables);
  await writeSettings(system, { trial: true, serverName: 'Centre serveur d’essai' });
  await writeJournal(system, 'trial-data', { operator: userName, client: trialClient.matricule });
}

async function fileCertificate(station: StationFolder, system: Database, keys: ServerKeys): Promise<void> {
  const file = station.at('certificates', 'station.crt');
  const [client] = await readClients(system, [trialClient.matricule]);
  if (client && existsSync(file)) return;
  const store = new KeyStore(station.path);
  const { publicKey } = store.pendingKey('station', 'ec');
  const now = Date.now();
  const certificate = issueCertificate(keys.store.authority(), {
    subject: { commonName: trialClient.nom, serialNumber: `${trialClient.matricule}` },
    publicKey,
    role: 'station',
    notBefore: now - 3_600_000,
    notAfter: now + 2 * yearMs,
  });
  store.keepCertificate('station', certificate);
  await registerCertificate(system, trialClient.matricule, readCertificate(certificate.der));
}

/** The station's database, with acts that wait for their export. */
async function migrateStation(server: Omit<DatabaseSettings, 'database'>): Promise<void> {
  const sql = join(packageFolder(), 'sql');
  await migrate({ ...server, database: stationDatabase }, [
    ...migrationsOf(sql, 'data', ['0001_ecr.sql']),
    ...migrationsOf(sql, 'station'),
    ...migrationsOf(sql, 'sample'),
  ]);
}

/** The station's folder. */
function installStation(
  folder: DataFolder,
  station: StationFolder,
  server: Omit<DatabaseSettings, 'database'>,
  keys: ServerKeys,
): void {
  const account = accountOf(brokerAccounts(folder, [trialClient.matricule]), `${trialClient.matricule}`);
  const store = new KeyStore(station.path);
  // The oldest first, so that the newest is the last generation here, too.
  for (const { certificate } of keys.accepted.toReversed()) store.keepPeerCertificate('server', certificate);
  const roots = keys.store.authorityCertificates();
  if (roots.length > 0) store.keepAuthority(roots);
  station.keepSecret('database-password', server.password);
  station.keepSecret('broker-password', account.password);
  // Written at each start: the ports of the embedded services may have changed.
  station.set({
    matricule: trialClient.matricule,
    database: { host: server.host, port: server.port, user: server.user, name: stationDatabase },
    broker: { url: `mqtt://127.0.0.1:${folder.settings.ports?.broker}`, userName: account.userName },
  });
}
